using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace MedGan.Testing;

/// <summary>The two real processes on a data folder of their own: the API on a free loopback port, and a worker that a test can kill.</summary>
public sealed class RunningService : IAsyncDisposable
{
    private Process _api = null!;
    private Process? _worker;

    private RunningService(string folder, int port) => (Folder, Port) = (folder, port);

    /// <summary>Holds data/ and the two processes' console output.</summary>
    public string Folder { get; }
    public string DataFolder => Path.Combine(Folder, "data");
    public int Port { get; }
    public Uri Url => new($"http://127.0.0.1:{Port}");
    public int WorkerId => _worker?.Id ?? throw new InvalidOperationException("no worker runs");

    public static async Task<RunningService> StartAsync(CancellationToken ct, bool withWorker = true)
    {
        var service = new RunningService(Directory.CreateTempSubdirectory("medgan-e2e-").FullName, Loopback.FreePort());
        Directory.CreateDirectory(service.DataFolder);
        await service.StartApiAsync(ct);
        if (withWorker) service.StartWorker();
        return service;
    }

    /// <summary>Starts the API, on the same port and data as before, and waits until it answers.</summary>
    public async Task StartApiAsync(CancellationToken ct)
    {
        _api = BuiltProgram.Start("src/MedGan.Api", Path.Combine(Folder, "api.out"), null, "serve", "--data", DataFolder, "--port", Port.ToString());
        using var http = new HttpClient { BaseAddress = Url };
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            if (_api.HasExited) throw new InvalidOperationException("the API ended: " + await File.ReadAllTextAsync(Path.Combine(Folder, "api.out"), ct));
            try { if ((await http.GetAsync("health/ready", ct)).IsSuccessStatusCode) break; }
            catch (HttpRequestException) { }
            await Task.Delay(100, ct);
        }
    }

    /// <summary>kill -9 of the API.</summary>
    public void KillApi()
    {
        _api.Kill(entireProcessTree: true);
        _api.WaitForExit();
    }

    public void StartWorker() => _worker = BuiltProgram.Start("src/MedGan.Jobs", Path.Combine(Folder, "worker.out"), null, "--data", DataFolder);

    /// <summary>kill -9.</summary>
    public void KillWorker()
    {
        _worker!.Kill(entireProcessTree: true);
        _worker.WaitForExit();
    }

    /// <summary>A client whose token was signed by the service's own token verb.</summary>
    public async Task<HttpClient> ClientAsync(string role, string project, CancellationToken ct)
    {
        return new HttpClient
        {
            BaseAddress = new Uri(Url, $"/projects/{project}/"),
            Timeout = TimeSpan.FromMinutes(10),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(role, project, ct)) },
        };
    }

    public async Task<string> TokenAsync(string role, string project, CancellationToken ct)
    {
        var (code, output, error) = await BuiltProgram.RunAsync("dotnet", [BuiltProgram.Dll("src/MedGan.Api"), "token", "--data", DataFolder, "--role", role, "--project", project], ct);
        return code == 0 ? output.Trim() : throw new InvalidOperationException($"token ended with {code}: {error}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in new[] { _worker, _api })
        {
            if (process is null || process.HasExited) continue;
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
        Directory.Delete(Folder, recursive: true);
    }
}
