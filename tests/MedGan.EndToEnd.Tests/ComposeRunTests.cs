using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MedGan.EndToEnd.Tests.Compose;
using MedGan.Storage;
using MedGan.Testing;
using Npgsql;
using Xunit;

namespace MedGan.EndToEnd.Tests;

/// <summary>
/// What compose/ starts, started by hand: the same environment, commands, scripts and secrets on real servers, with only their hosts, ports
/// and folders put in their places, and the S3 test server's own account.
/// </summary>
public sealed class ComposeRunTests : IDisposable
{
    private static readonly ComposeFolder compose = ComposeFolder.Read(Path.Combine(BuiltProgram.Root, "compose"));
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("medgan-compose-run-");
    private readonly List<Process> _processes = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task ApiAndWorker_WithTheEnvironmentOfCompose_AreReady_AndTheApiTrustsKeycloaksCertificate()
    {
        Assert.SkipUnless(S3Server.Exists, S3Server.WhyAbsent);
        await using var postgres = await PostgresServer.CreateAsync();
        await MakeDatabasesAsync(postgres);
        await using var rabbit = await RabbitServer.CreateAsync(Ct, await File.ReadAllTextAsync(Secret("rabbitmq.conf"), Ct));
        await using var s3 = await S3Server.StartAsync(Ct);
        Directory.CreateDirectory(Path.Combine(s3.Folder, compose.Environment("api")["MedGan__Objects__Bucket"])); // as minio's command does
        using var keycloak = new TcpListener(IPAddress.Loopback, 0);
        keycloak.Start();
        var (apiPort, apiMetrics, workerMetrics) = (Loopback.FreePort(), Loopback.FreePort(), Loopback.FreePort());
        var places = new Dictionary<string, string>
        {
            ["MedGan__DatabaseFile"] = Written("database", (await File.ReadAllTextAsync(Secret("database"), Ct)).Replace("Host=postgres;", $"Host=127.0.0.1;Port={postgres.Port};", StringComparison.Ordinal)),
            ["MedGan__Objects__ServiceUrl"] = s3.Url.ToString().TrimEnd('/'),
            ["MedGan__Objects__AccessKey"] = S3Server.Key,
            ["MedGan__Objects__SecretKeyFile"] = Written("minio-password", S3Server.Key),
            ["MedGan__Bus__Host"] = "127.0.0.1",
            ["MedGan__Bus__Port"] = rabbit.Port.ToString(),
        };

        Start("api", new(places) { ["MedGan__Metrics__Port"] = $"{apiMetrics}", ["MedGan__Auth__Authority"] = $"https://localhost:{((IPEndPoint)keycloak.LocalEndpoint).Port}/realms/medgan" }, "src/MedGan.Api", ("0.0.0.0", "127.0.0.1"), ("8480", $"{apiPort}"));
        Start("worker", new(places) { ["MedGan__Metrics__Port"] = $"{workerMetrics}" }, "src/MedGan.Jobs");

        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        foreach (var port in new[] { apiPort, apiMetrics, workerMetrics }) await ReadyAsync(http, port);
        var asked = AskedOfAsync(keycloak);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{apiPort}/projects/demo/cohorts") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", "e30.e30.e30") } };
        using var answer = await http.SendAsync(request, Ct);
        Assert.Equal("GET /realms/medgan/.well-known/openid-configuration HTTP/1.1", await asked.WaitAsync(TimeSpan.FromSeconds(30), Ct));
        Assert.False(answer.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Orthanc_WithTheConfigurationOfCompose_LetsMedGanInAndNobodyElse()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/Orthanc"), "Orthanc is not installed: ./medgan setup --tests");
        var port = Loopback.FreePort();
        var configuration = JsonNode.Parse(await File.ReadAllTextAsync(compose.In("orthanc/orthanc.json"), Ct))!;
        (configuration["HttpPort"], configuration["DicomPort"], configuration["StorageDirectory"], configuration["IndexDirectory"]) = (port, Loopback.FreePort(), _folder.FullName, _folder.FullName);
        var command = ComposeFolder.List(compose.Yaml["services"]!["orthanc"]!["command"]);
        Assert.Equal(["/bin/sh", "-ec"], command.Take(2));
        var script = command[2].Replace("$$", "$", StringComparison.Ordinal).Replace("/run/secrets", ComposeFolder.Secrets, StringComparison.Ordinal)
            .Replace("/etc/orthanc/medgan.json", Written("medgan.json", configuration.ToJsonString()), StringComparison.Ordinal);
        var start = new ProcessStartInfo("/bin/sh", ["-ec", $"exec >'{_folder.FullName}/orthanc.out' 2>&1 </dev/null\n{script}"]) { UseShellExecute = false };
        start.Environment["PATH"] += ":/usr/sbin";
        _processes.Add(Process.Start(start)!);

        // The archive as MedGan's own options have it: address below /dicom-web, account and password.
        var archive = Assert.Single(StorageOptions.Read(SettingRules.Configuration(SettingRules.Settings(compose, "worker")), _folder.FullName).Pacs.All);
        var studies = new UriBuilder(new Uri(archive.Url, "studies")) { Host = "127.0.0.1", Port = port }.Uri;
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        await Eventually.IsAsync(() => StatusAsync(http, studies, null), status => status != 0, Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(http, studies, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(http, studies, $"{archive.User}:orthanc"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, studies, $"{archive.User}:{archive.Password}"));
    }

    /// <summary>Runs databases.sh as the image does, by a superuser named postgres.</summary>
    private async Task MakeDatabasesAsync(PostgresServer postgres)
    {
        var first = await postgres.CreateDatabaseAsync();
        await ExecuteAsync(first, "CREATE ROLE postgres SUPERUSER LOGIN");
        await ExecuteAsync(first.Replace("Username=medgan", "Username=postgres", StringComparison.Ordinal), "ALTER ROLE medgan RENAME TO first");
        var script = (await File.ReadAllTextAsync(compose.In("postgres/databases.sh"), Ct)).Replace("/run/secrets", ComposeFolder.Secrets, StringComparison.Ordinal);
        var (code, _, error) = await BuiltProgram.RunAsync("/usr/bin/env", ["PGHOST=127.0.0.1", $"PGPORT={postgres.Port}", "bash", Written("databases.sh", script)], Ct);
        Assert.True(code == 0, error);
        await using var db = NpgsqlDataSource.Create(first.Replace("Username=medgan", "Username=postgres", StringComparison.Ordinal));
        await using var roles = db.CreateCommand("SELECT string_agg(rolname || ' ' || rolsuper || ' ' || (rolpassword LIKE 'SCRAM-SHA-256$%'), ',' ORDER BY rolname) FROM pg_authid WHERE rolname IN ('medgan', 'keycloak')");
        Assert.Equal("keycloak false true,medgan false true", await roles.ExecuteScalarAsync(Ct));
        await using var foreign = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={postgres.Port};Database=keycloak;Username=medgan");
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(async () => await foreign.OpenConnectionAsync(Ct))).SqlState);
    }

    private static async Task ExecuteAsync(string connection, string sql)
    {
        await using var db = NpgsqlDataSource.Create(connection);
        await using var command = db.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Ct);
    }

    private void Start(string service, Dictionary<string, string> places, string project, params (string From, string To)[] words)
    {
        var environment = compose.Environment(service).ToDictionary(e => e.Key, e => places.GetValueOrDefault(e.Key) ?? e.Value.Replace("/run/secrets", ComposeFolder.Secrets, StringComparison.Ordinal));
        environment["MedGan__Bus__Port"] = places["MedGan__Bus__Port"]; // in a container it is the usual one
        var arguments = ComposeFolder.List(compose.Yaml["services"]![service]!["command"])
            .Select(word => word == "/data" ? Path.Combine(_folder.FullName, "data") : words.FirstOrDefault(w => w.From == word).To ?? word);
        _processes.Add(BuiltProgram.Start(project, Out(service), environment, [.. arguments]));
    }

    private async Task ReadyAsync(HttpClient http, int port)
    {
        var answer = await Eventually.IsAsync(async () =>
        {
            Assert.All(_processes, process => Assert.False(process.HasExited, Console()));
            try
            {
                return await http.GetStringAsync($"http://127.0.0.1:{port}/health/ready", Ct);
            }
            catch (HttpRequestException)
            {
                return Console(); // not yet
            }
        }, text => text.StartsWith('{') && JsonDocument.Parse(text).RootElement.GetProperty("status").GetString() == "ok", Ct);
        Assert.All(JsonDocument.Parse(answer).RootElement.GetProperty("parts").EnumerateObject(), part => Assert.Equal("ok", part.Value.GetString()));
    }

    /// <summary>The first line that the API asks of its identity provider, once it has accepted the certificate of secrets.sh.</summary>
    private static async Task<string?> AskedOfAsync(TcpListener keycloak)
    {
        using var certificate = X509Certificate2.CreateFromPemFile(Secret("keycloak.crt"), Secret("keycloak.key"));
        using var client = await keycloak.AcceptTcpClientAsync(Ct);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, Ct);
        using var reader = new StreamReader(tls);
        var line = await reader.ReadLineAsync(Ct);
        await tls.WriteAsync("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), Ct);
        keycloak.Stop();
        return line;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, Uri url, string? account)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (account is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(account)));
        try
        {
            using var answer = await http.SendAsync(request, Ct);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0; // not yet
        }
    }

    private static string Secret(string name) => Path.Combine(ComposeFolder.Secrets, name);

    private string Written(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private string Out(string service) => Path.Combine(_folder.FullName, service + ".out");

    private string Console() => string.Join('\n', new[] { "api", "worker" }.Where(s => File.Exists(Out(s))).Select(s => $"== {s}\n{string.Join('\n', File.ReadLines(Out(s)).TakeLast(10))}"));
}
