using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace MedGan.Testing;

/// <summary>Several API and worker processes on one data folder, with the settings a test gives them; each can be killed and started again.</summary>
public sealed class RunningCluster : IAsyncDisposable
{
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly Process?[] _apis;
    private readonly Process?[] _workers;
    private readonly int[] _ports;
    private readonly HttpClient _probe = new() { Timeout = TimeSpan.FromSeconds(10) };

    private RunningCluster(int apis, int workers, IReadOnlyDictionary<string, string> settings)
    {
        _settings = settings;
        (_apis, _workers) = (new Process?[apis], new Process?[workers]);
        _ports = [.. Enumerable.Range(0, apis).Select(_ => Loopback.FreePort())];
        Directory.CreateDirectory(DataFolder);
    }

    /// <summary>Holds data/ and the processes' console output.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("medgan-cluster-").FullName;
    public string DataFolder => Path.Combine(Folder, "data");
    public int Workers => _workers.Length;
    public int ApiId(int api) => _apis[api]!.Id;

    /// <summary>Starts them.</summary>
    /// <param name="apis">How many web processes.</param>
    /// <param name="workers">How many workers.</param>
    /// <param name="settings">Environment of all of them.</param>
    /// <param name="ct">Breaks off.</param>
    /// <param name="prepare">Gets the empty data folder first.</param>
    public static async Task<RunningCluster> StartAsync(int apis, int workers, IReadOnlyDictionary<string, string> settings, CancellationToken ct, Action<string>? prepare = null)
    {
        var cluster = new RunningCluster(apis, workers, settings);
        try
        {
            prepare?.Invoke(cluster.DataFolder);
            await Task.WhenAll(Enumerable.Range(0, apis).Select(i => cluster.StartApiAsync(i, ct)));
            for (var i = 0; i < workers; i++) cluster.StartWorker(i);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public Uri Url(int api) => new($"http://127.0.0.1:{_ports[api]}");

    /// <summary>Starts an API, on the same port as before, and waits until it answers.</summary>
    public async Task StartApiAsync(int api, CancellationToken ct)
    {
        var log = Path.Combine(Folder, $"api-{api}.out");
        var process = _apis[api] = BuiltProgram.Start("src/MedGan.Api", log, _settings, "serve", "--data", DataFolder, "--port", _ports[api].ToString());
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            if (process.HasExited) throw new InvalidOperationException("the API ended: " + await File.ReadAllTextAsync(log, ct));
            try
            {
                if ((await _probe.GetAsync(new Uri(Url(api), "health/ready"), ct)).IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // not yet
            }
            await Task.Delay(100, ct);
        }
    }

    public void StartWorker(int worker) =>
        _workers[worker] = BuiltProgram.Start("src/MedGan.Jobs", Path.Combine(Folder, $"worker-{worker}.out"), _settings, "--data", DataFolder);

    /// <summary>kill -9.</summary>
    public Task KillWorkerAsync(int worker) => KillAsync(_workers[worker]);

    /// <summary>kill -9.</summary>
    public Task KillApiAsync(int api) => KillAsync(_apis[api]);

    /// <summary>A client of one API whose token was signed by the service's own token verb.</summary>
    public async Task<HttpClient> ClientAsync(int api, string role, string project, CancellationToken ct) => new()
    {
        BaseAddress = new Uri(Url(api), $"/projects/{project}/"),
        Timeout = TimeSpan.FromMinutes(2),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(role, project, ct)) },
    };

    public async Task<string> TokenAsync(string role, string project, CancellationToken ct)
    {
        var (code, output, error) = await BuiltProgram.RunAsync("dotnet", [BuiltProgram.Dll("src/MedGan.Api"), "token", "--data", DataFolder, "--role", role, "--project", project], ct);
        return code == 0 ? output.Trim() : throw new InvalidOperationException($"token ended with {code}: {error}");
    }

    /// <summary>The end of every process' console output, for the message of a failed test.</summary>
    public string Console() => string.Join('\n', Directory.EnumerateFiles(Folder, "*.out").Order()
        .Select(file => $"== {Path.GetFileName(file)}\n{string.Join('\n', File.ReadLines(file).TakeLast(15))}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _workers.Concat(_apis)) await KillAsync(process);
        _probe.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static async Task KillAsync(Process? process)
    {
        if (process is null || process.HasExited) return;
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
    }
}
