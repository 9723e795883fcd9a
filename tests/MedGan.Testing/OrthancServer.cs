using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace MedGan.Testing;

/// <summary>A real Orthanc on free loopback ports: REST, DICOMweb and DIMSE, its pictures in a folder that goes with it.</summary>
public sealed class OrthancServer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/Orthanc", Plugin = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so", User = "medgan", Password = "only-of-this-test";

    private readonly string _folder = Directory.CreateTempSubdirectory("medgan-orthanc-").FullName;
    private readonly int _httpPort = Loopback.FreePort();
    private readonly string? _forwardTo;
    private Process? _process;

    private OrthancServer(string? forwardTo)
    {
        _forwardTo = forwardTo;
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_httpPort}/"), Timeout = TimeSpan.FromMinutes(2) };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}")));
    }

    /// <summary>Its REST API, signed in.</summary>
    public HttpClient Client { get; }

    /// <summary>Where storescu sends to.</summary>
    public int DicomPort { get; } = Loopback.FreePort();

    /// <summary>The settings that let MedGan fetch from it and deliver to it under a name.</summary>
    public IReadOnlyDictionary<string, string> Settings(string name) => new Dictionary<string, string>
    {
        [$"MedGan__Pacs__{name}__Url"] = new Uri(Client.BaseAddress!, "dicom-web").ToString(), [$"MedGan__Pacs__{name}__User"] = User, [$"MedGan__Pacs__{name}__Password"] = Password,
    };

    /// <summary>Starts one.</summary>
    /// <param name="ct">Breaks off.</param>
    /// <param name="forwardTo">A server of <see cref="AddServerAsync"/> that it sends every study to once no more instances come; null: none.</param>
    public static async Task<OrthancServer> StartAsync(CancellationToken ct, string? forwardTo = null)
    {
        if (!File.Exists(Program) || !File.Exists(Plugin)) throw new InvalidOperationException("Orthanc is not installed: run ./medgan setup --tests");
        var server = new OrthancServer(forwardTo);
        await server.StartAsync(ct);
        return server;
    }

    /// <summary>Starts it again on the pictures it has.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        var log = Path.Combine(_folder, "orthanc.out");
        await File.WriteAllTextAsync(Path.Combine(_folder, "orthanc.json"), Configuration(), ct);
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        foreach (var argument in new[] { "-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", log, Program, Path.Combine(_folder, "orthanc.json") }) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        for (var began = Stopwatch.StartNew(); ; await Task.Delay(50, ct))
        {
            if (_process.HasExited || began.Elapsed > TimeSpan.FromMinutes(1)) throw new InvalidOperationException("Orthanc did not start: " + await File.ReadAllTextAsync(log, ct));
            try
            {
                if ((await Client.GetAsync("system", ct)).IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // not yet
            }
        }
    }

    /// <summary>The end of what it printed, for the message of a failed test.</summary>
    public string Console() => string.Join('\n', File.ReadLines(Path.Combine(_folder, "orthanc.out")).TakeLast(15));

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (_process is null) return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Makes a DICOMweb server known to it, that it may push to.</summary>
    public async Task AddServerAsync(string name, Uri url, string bearer, CancellationToken ct)
    {
        using var answer = await Client.PutAsJsonAsync($"dicom-web/servers/{name}", new { Url = url.ToString(), ChunkedTransfers = true, HttpHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {bearer}" } }, JsonSerializerOptions.Default, ct);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Pushes a study by STOW-RS, and waits for the answer.</summary>
    public async Task PushAsync(string server, string study, CancellationToken ct)
    {
        using var answer = await Client.PostAsJsonAsync($"dicom-web/servers/{server}/stow", new { Resources = new[] { study }, Synchronous = true }, JsonSerializerOptions.Default, ct);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"Orthanc could not push: {await answer.Content.ReadAsStringAsync(ct)}");
    }

    /// <summary>Orthanc's own ids of its studies, with their UIDs.</summary>
    public async Task<IReadOnlyDictionary<string, string>> StudiesAsync(CancellationToken ct)
    {
        var studies = new Dictionary<string, string>();
        foreach (var id in await Client.GetFromJsonAsync<string[]>("studies", ct) ?? [])
            studies[id] = (await Client.GetFromJsonAsync<JsonElement>($"studies/{id}", ct)).GetProperty("MainDicomTags").GetProperty("StudyInstanceUID").GetString()!;
        return studies;
    }

    /// <summary>The SOP Instance UIDs of a study, as QIDO-RS gives them.</summary>
    public async Task<IReadOnlyList<string>> InstancesAsync(string studyInstanceUid, CancellationToken ct)
    {
        using var answer = await Client.GetAsync($"dicom-web/studies/{studyInstanceUid}/instances", ct);
        if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.NoContent) return [];
        return [.. (await answer.Content.ReadFromJsonAsync<JsonElement>(ct)).EnumerateArray().Select(i => i.GetProperty("00080018").GetProperty("Value")[0].GetString()!).Order(StringComparer.Ordinal)];
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Configuration()
    {
        var lua = Path.Combine(_folder, "forward.lua");
        if (_forwardTo is not null)
        {
            File.WriteAllText(lua, $$"""
                function OnStableStudy(studyId, tags, metadata)
                   RestApiPost('/dicom-web/servers/{{_forwardTo}}/stow', '{"Resources":["' .. studyId .. '"],"Synchronous":false}', false)
                end
                """);
        }
        return JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["Name"] = "medgan-test", ["HttpPort"] = _httpPort, ["DicomPort"] = DicomPort, ["DicomAet"] = "ORTHANC", ["DicomCheckCalledAet"] = false, ["DicomAlwaysAllowStore"] = true,
            ["RemoteAccessAllowed"] = false, ["AuthenticationEnabled"] = true, ["RegisteredUsers"] = new Dictionary<string, string> { [User] = Password },
            ["StorageDirectory"] = Path.Combine(_folder, "storage"), ["IndexDirectory"] = Path.Combine(_folder, "index"), ["SynchronousCMove"] = true,
            ["Plugins"] = new[] { Plugin }, ["LuaScripts"] = _forwardTo is null ? Array.Empty<string>() : [lua], ["StableAge"] = 1, ["OverwriteInstances"] = false,
            ["DicomWeb"] = new Dictionary<string, object> { ["Enable"] = true, ["Root"] = "/dicom-web/" },
        });
    }
}
