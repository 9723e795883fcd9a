using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using MedGan.Phantoms;
using MedGan.Testing;
using Xunit;

namespace MedGan.EndToEnd.Tests;

/// <summary>What an operator sees of an API and a worker on PostgreSQL: traces, metrics, health and the log, over one whole main job.</summary>
public sealed partial class OperationTests : IAsyncLifetime
{
    private const string Project = "operated-project", Cohort = "ct";

    private PostgresServer postgres = null!;
    private TraceCollector collector = null!;
    private RunningCluster cluster = null!;
    private readonly HttpClient plain = new() { Timeout = TimeSpan.FromSeconds(30) };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        postgres = await PostgresServer.CreateAsync();
        collector = await TraceCollector.StartAsync(Ct);
        cluster = await RunningCluster.StartAsync(apis: 1, workers: 1, new Dictionary<string, string>
        {
            ["MedGan__Database"] = await postgres.CreateDatabaseAsync(),
            ["MedGan__Metrics__Port"] = "0",
            ["MedGan__Traces__Endpoint"] = collector.Url,
            ["MedGan__Log__Format"] = "json",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        }, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        plain.Dispose();
        if (cluster is not null) await cluster.DisposeAsync();
        if (collector is not null) await collector.DisposeAsync();
        if (postgres is not null) await postgres.DisposeAsync();
    }

    [Fact]
    public async Task OneMainJob_IsSeenInTracesMetricsHealthAndLogs()
    {
        await RunMainJobAsync();

        await TracesJoinRequestsToTheirJobsAsync();
        await MetricsCountTheStagesAsync();
        await LogsAreJsonWithTheIdsOfTracesAsync();
        await HealthFollowsTheDatabaseAsync();
    }

    private async Task RunMainJobAsync()
    {
        using var steward = await cluster.ClientAsync(0, "steward", Project, Ct);
        using var researcher = await cluster.ClientAsync(0, "researcher", Project, Ct);
        var scans = new TinyWork();
        for (var patient = 0; patient < 3; patient++)
        {
            await PostAsync(steward, $"cohorts/{Cohort}/dicomweb/studies", TinyWork.Stow(scans.Series(PhantomModality.Ct, patient)));
            await PostAsync(steward, "cohorts/mr/dicomweb/studies", TinyWork.Stow(scans.Series(PhantomModality.MrT1, 100 + patient)));
        }
        await TinyWork.SucceededAsync(researcher, 6);
        var training = await PostAsync(researcher, "trainings", JsonContent.Create(TinyWork.Training(1)));
        await TinyWork.SucceededAsync(researcher, 7);
        await PostAsync(researcher, "generations", JsonContent.Create(new { training = training.GetProperty("id").GetGuid() }));
        await TinyWork.SucceededAsync(researcher, 10);
    }

    private async Task TracesJoinRequestsToTheirJobsAsync()
    {
        string[] wanted = ["Ingest", "Train", "Generate", "PrivacyGate", "Publish"];
        var spans = await Eventually.IsAsync(() => Task.FromResult(collector.Spans), found => wanted.All(name => found.Any(s => s.Name == name)), Ct);
        var byId = spans.ToDictionary(s => s.SpanId);

        Assert.Equal(6, spans.Count(s => s.Name == "Ingest"));
        Assert.All(spans.Where(s => s.Name == "Ingest"), ingest => Assert.Equal("POST /projects/{project}/cohorts/{cohort}/dicomweb/studies", byId[ingest.ParentId].Name));
        Assert.Equal("POST /projects/{project}/trainings", byId[spans.Single(s => s.Name == "Train").ParentId].Name);

        var generate = spans.Single(s => s.Name == "Generate");
        var (gate, publish) = (spans.Single(s => s.Name == "PrivacyGate"), spans.Single(s => s.Name == "Publish"));
        Assert.Equal("POST /projects/{project}/generations", byId[generate.ParentId].Name);
        Assert.Equal((generate.SpanId, gate.SpanId), (gate.ParentId, publish.ParentId));
        Assert.Single(new[] { generate, gate, publish, byId[generate.ParentId] }.Select(s => s.TraceId).Distinct());
    }

    private async Task MetricsCountTheStagesAsync()
    {
        var worker = await plain.GetStringAsync(await DoorAsync("worker-0.out", "metrics"), Ct);
        Assert.Matches("""(?m)^medgan_jobs_total\{[^}]*stage="Ingest"[^}]*state="succeeded"[^}]*\} 6( |$)""", worker);
        Assert.Matches("""(?m)^medgan_jobs_total\{[^}]*stage="Publish"[^}]*state="succeeded"[^}]*\} 1( |$)""", worker);
        Assert.Matches("""(?m)^medgan_job_duration_seconds_count\{[^}]*stage="Train"[^}]*\} 1( |$)""", worker);
        Assert.Matches("""(?m)^medgan_gate_images_total\{[^}]*verdict="(released|withheld)"[^}]*\} [1-9]""", worker);
        Assert.Matches("""(?m)^medgan_jobs_open\{[^}]*queue="gpu"[^}]*state="queued"[^}]*\} 0( |$)""", worker);

        var api = await plain.GetStringAsync(await DoorAsync("api-0.out", "metrics"), Ct);
        Assert.Matches("""(?m)^medgan_upload_instances_total\{[^}]*outcome="stored"[^}]*\} 72( |$)""", api);
        Assert.Contains("http_server_request_duration_seconds_bucket", api, StringComparison.Ordinal);
        foreach (var text in new[] { worker, api }) Assert.DoesNotContain(Project, text, StringComparison.Ordinal);
        using var answer = await plain.GetAsync(new Uri(cluster.Url(0), "metrics"), Ct);
        Assert.NotEqual(HttpStatusCode.OK, answer.StatusCode); // the public port tells none
    }

    private async Task LogsAreJsonWithTheIdsOfTracesAsync()
    {
        var lines = new List<JsonElement>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(cluster.DataFolder, "logs"), "*.log"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream);
            while (await reader.ReadLineAsync(Ct) is { } line) lines.Add(JsonDocument.Parse(line).RootElement);
        }
        var succeeded = lines.Where(l => l.GetProperty("category").GetString()!.EndsWith("LoggedStage", StringComparison.Ordinal) && l.GetProperty("message").GetString()!.Contains("Train", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(succeeded);
        var trace = collector.Spans.Single(s => s.Name == "Train").TraceId;
        Assert.All(succeeded, line => Assert.Equal(("Train", trace), (line.GetProperty("fields").GetProperty("Kind").GetString(), line.GetProperty("trace").GetString())));
    }

    private async Task HealthFollowsTheDatabaseAsync()
    {
        var (api, worker) = (new Uri(cluster.Url(0), "health/"), await DoorAsync("worker-0.out", "health/"));
        foreach (var health in new[] { api, worker }) Assert.Equal(HttpStatusCode.OK, (await ReadyAsync(health)).Status);
        await postgres.StopAsync();
        foreach (var health in new[] { api, worker })
        {
            var (status, parts) = await ReadyAsync(health);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "away", "ok"), (status, parts.GetProperty("database").GetString(), parts.GetProperty("objects").GetString()));
            using var live = await plain.GetAsync(new Uri(health, "live"), Ct);
            Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        }
        await postgres.StartAsync();
        foreach (var health in new[] { api, worker })
            await Eventually.IsAsync(() => ReadyAsync(health), ready => ready.Status == HttpStatusCode.OK, Ct);
    }

    private async Task<(HttpStatusCode Status, JsonElement Parts)> ReadyAsync(Uri health)
    {
        using var answer = await plain.GetAsync(new Uri(health, "ready"), Ct);
        return (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("parts"));
    }

    /// <summary>The port that a process took for those who look after it: its log says which.</summary>
    private async Task<Uri> DoorAsync(string output, string path)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(cluster.Folder, output), Ct);
        return new Uri(new Uri(DoorUrl().Match(text).Groups[1].Value), path);
    }

    private static async Task<JsonElement> PostAsync(HttpClient client, string path, HttpContent body)
    {
        using var answer = await client.PostAsync(path, body, Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    [GeneratedRegex(@"Metrics and health at (http://[0-9.]+:[0-9]+)")]
    private static partial Regex DoorUrl();
}
