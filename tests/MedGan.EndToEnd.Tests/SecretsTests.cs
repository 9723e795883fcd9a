using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using MedGan.Phantoms;
using MedGan.Testing;
using Xunit;

namespace MedGan.EndToEnd.Tests;

/// <summary>
/// No password, secret key or token of the settings is in what the processes print, log, answer or store - neither when all goes well nor when the
/// server that it is for is away, refuses it, or fails.
/// </summary>
public sealed class SecretsTests : IAsyncLifetime
{
    private const string Project = "p", DatabaseSecret = "secret-of-the-database", Store = "secret-of-the-store", Broker = "secret-of-the-broker", Pacs = "secret-of-the-pacs";

    private static readonly string[] Secrets = [DatabaseSecret, Store, Broker, Pacs];

    private readonly StringBuilder said = new();
    private PostgresServer postgres = null!;
    private OrthancServer orthanc = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        postgres = await PostgresServer.CreateAsync();
        orthanc = await OrthancServer.StartAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (orthanc is not null) await orthanc.DisposeAsync();
        if (postgres is not null) await postgres.DisposeAsync();
    }

    [Fact]
    public async Task NoSecretIsPrintedLoggedAnsweredOrStored()
    {
        var database = await postgres.CreateDatabaseAsync();
        var settings = new Dictionary<string, string>
        {
            ["MedGan__Database"] = database + $";Password={DatabaseSecret}",
            ["MedGan__Bus__Host"] = "127.0.0.1", ["MedGan__Bus__Port"] = "1", ["MedGan__Bus__User"] = "medgan", ["MedGan__Bus__Password"] = Broker, // nobody is there
            ["MedGan__Pacs__hospital__Url"] = new Uri(orthanc.Client.BaseAddress!, "dicom-web").ToString(), ["MedGan__Pacs__hospital__User"] = "medgan", ["MedGan__Pacs__hospital__Password"] = Pacs, // wrong
            ["MedGan__Traffic__RequestsPerMinute"] = "100000", ["MedGan__Metrics__Port"] = "0",
        };
        await using (var cluster = await RunningCluster.StartAsync(1, 1, settings, Ct))
        {
            await UseAsync(cluster);
            await postgres.StopAsync();
            await AskAsync(cluster); // 503
            await postgres.StartAsync();
            foreach (var file in Directory.EnumerateFiles(cluster.Folder, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)))
                await ReadAsync(file);
        }
        await StartsThatFailAsync(settings);
        said.Append(await DumpAsync(database));

        Assert.Contains("does not let MedGan in", said.ToString(), StringComparison.Ordinal); // the PACS was asked, with its wrong password
        Assert.Contains("message broker does not take events", said.ToString(), StringComparison.Ordinal);
        Assert.All(Secrets, secret => Assert.DoesNotContain(secret, said.ToString(), StringComparison.Ordinal));
    }

    private async Task UseAsync(RunningCluster cluster)
    {
        using var steward = await cluster.ClientAsync(0, "steward", Project, Ct);
        using var content = TinyWork.Stow(new TinyWork().Series(PhantomModality.Ct, 0));
        await NoteAsync(await steward.PostAsync("cohorts/ct/dicomweb/studies", content, Ct));
        await NoteAsync(await steward.PostAsJsonAsync("cohorts/ct/fetches", new { pacs = "hospital", studyInstanceUid = "1.2.3.4" }, Ct));
        await NoteAsync(await steward.PostAsJsonAsync("cohorts/ct/fetches", new { pacs = "nowhere", studyInstanceUid = "1.2.3.4" }, Ct));
        await Eventually.IsAsync(() => steward.GetFromJsonAsync<JsonElement>("jobs", Ct), jobs =>
            jobs.EnumerateArray().Count(j => j.GetProperty("state").GetString() is "Succeeded" or "Failed") == 2, Ct);
        await Eventually.IsAsync(() => File.ReadAllTextAsync(Path.Combine(cluster.Folder, "worker-0.out"), Ct), log => log.Contains("message broker does not take events", StringComparison.Ordinal), Ct);
        await WorkerIsReadyWithoutItsBrokerAsync(cluster, steward);
        await AskAsync(cluster);
    }

    /// <summary>Jobs go on and events wait, so it is no reason to take the worker away.</summary>
    private async Task WorkerIsReadyWithoutItsBrokerAsync(RunningCluster cluster, HttpClient client)
    {
        var log = await File.ReadAllTextAsync(Path.Combine(cluster.Folder, "worker-0.out"), Ct);
        var door = System.Text.RegularExpressions.Regex.Match(log, "Metrics and health at (http://[0-9.]+:[0-9]+)").Groups[1].Value;
        using var ready = await client.GetAsync(new Uri(new Uri(door), "health/ready"), Ct);
        var answer = await ready.Content.ReadAsStringAsync(Ct);
        said.AppendLine(answer);
        Assert.True(ready.StatusCode == System.Net.HttpStatusCode.OK, answer);
        Assert.Equal("""{"status":"degraded","parts":{"database":"ok","objects":"ok","broker":"degraded"}}""", answer);
    }

    private async Task AskAsync(RunningCluster cluster)
    {
        using var steward = await cluster.ClientAsync(0, "steward", Project, Ct);
        foreach (var path in new[] { "jobs", "cohorts", "cohorts/ct", "/health/ready" }) await NoteAsync(await steward.GetAsync(path, Ct));
    }

    /// <summary>Servers that are not there, or do not let anybody in: what is printed names neither password nor key.</summary>
    private async Task StartsThatFailAsync(Dictionary<string, string> settings)
    {
        foreach (var (name, value) in new (string, string)[]
        {
            ("MedGan__Database", $"Host=127.0.0.1;Port=1;Database=x;Username=medgan;Password={DatabaseSecret};Timeout=2"),
            ("MedGan__Database", $"Host=127.0.0.1;Password={DatabaseSecret};Nonsense=1"),
            ("MedGan__Objects", $"https://medgan:{Store}@store.example.org/bucket"),
            ("MedGan__Objects__SecretKey", Store), // without a bucket
            ("MedGan__Pacs__hospital__Url", $"https://medgan:{Pacs}@pacs.example.org/dicom-web"),
            ("MedGan__Bus__Port", Broker),
            ("MedGan__Traces__Endpoint", $"http://medgan:{Broker}@collector"),
        })
        {
            var folder = Directory.CreateTempSubdirectory("medgan-start-");
            try
            {
                var environment = new Dictionary<string, string>(settings) { [name] = value };
                foreach (var (program, arguments) in new[] { ("src/MedGan.Api", (string[])["serve", "--data", Path.Combine(folder.FullName, "data"), "--port", "0"]), ("src/MedGan.Jobs", ["--data", Path.Combine(folder.FullName, "data")]) })
                {
                    if (name == "MedGan__Bus__Port" && program == "src/MedGan.Api") continue; // it has no bus
                    var log = Path.Combine(folder.FullName, "out");
                    using var process = BuiltProgram.Start(program, log, environment, arguments);
                    await process.WaitForExitAsync(Ct);
                    Assert.Equal(2, process.ExitCode);
                    await ReadAsync(log);
                }
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
    }

    private async Task NoteAsync(HttpResponseMessage answer)
    {
        using (answer) said.Append(answer.Headers).AppendLine(await answer.Content.ReadAsStringAsync(Ct));
    }

    private async Task ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        said.AppendLine(await reader.ReadToEndAsync(Ct));
    }

    /// <summary>Every row of every table, the scheduler's too.</summary>
    private static async Task<string> DumpAsync(string database)
    {
        await using var db = await Database.OpenAsync(database);
        var tables = await Database.RowsAsync(db, "SELECT quote_ident(table_name) FROM information_schema.tables WHERE table_schema = 'public'");
        Assert.True(tables.Count > 15, $"only {tables.Count} tables");
        var text = new StringBuilder();
        foreach (var table in tables) text.AppendJoin('\n', await Database.RowsAsync(db, $"SELECT t::text FROM {table} t")).AppendLine();
        return text.ToString();
    }
}
