using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FellowOakDicom;
using MedGan.Phantoms;
using MedGan.Testing;
using Xunit;

namespace MedGan.EndToEnd.Tests;

/// <summary>
/// MedGan beside real picture archives: storescu sends to one, which pushes to MedGan by itself; MedGan pulls from it when the bus or a
/// steward asks; what MedGan releases goes to another one, which is killed on the way.
/// </summary>
public sealed class PacsTests : IAsyncLifetime
{
    private const string Project = "p";

    private OrthancServer hospital = null!, research = null!;
    private RabbitServer broker = null!;
    private Mailbox mail = null!;
    private RunningCluster cluster = null!;
    private HttpClient steward = null!, researcher = null!;
    private readonly TinyWork scans = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        hospital = await OrthancServer.StartAsync(Ct, forwardTo: "medgan");
        research = await OrthancServer.StartAsync(Ct);
        broker = await RabbitServer.CreateAsync(Ct);
        mail = new Mailbox(broker);
        await mail.BindAsync();
        cluster = await RunningCluster.StartAsync(apis: 1, workers: 1, new Dictionary<string, string>(
            hospital.Settings("hospital").Concat(research.Settings("research")).Concat(broker.Settings))
        {
            ["MedGan__Bus__Projects"] = Project,
            ["MedGan__Pacs__research__DeliverReleased"] = Project,
            ["MedGan__Queue__RetryDelaySeconds"] = "0.5",
        }, Ct);
        (steward, researcher) = (await cluster.ClientAsync(0, "steward", Project, Ct), await cluster.ClientAsync(0, "researcher", Project, Ct));
        await hospital.AddServerAsync("medgan", new Uri(cluster.Url(0), $"/projects/{Project}/cohorts/ct/dicomweb/"), await cluster.TokenAsync("steward", Project, Ct), Ct);
    }

    public async ValueTask DisposeAsync()
    {
        steward?.Dispose();
        researcher?.Dispose();
        if (cluster is not null) await cluster.DisposeAsync();
        if (broker is not null) await broker.DisposeAsync();
        if (research is not null) await research.DisposeAsync();
        if (hospital is not null) await hospital.DisposeAsync();
    }

    [Fact]
    public async Task StudiesComeInByDimseStowAndWado_AndSyntheticSeriesGoOutByStow()
    {
        try
        {
            await RoundTripAsync();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new InvalidOperationException($"{e.Message}\n{hospital.Console()}\n{research.Console()}\n{cluster.Console()}", e);
        }
    }

    private async Task RoundTripAsync()
    {
        var began = Stopwatch.StartNew();
        var seconds = new List<string>();
        void Lap(string what) => seconds.Add($"{what} {began.Elapsed.TotalSeconds:0.0} s");

        // storescu -> Orthanc -> MedGan: three CT heads arrive in the cohort that the archive forwards to.
        for (var patient = 0; patient < 3; patient++) await StoreScuAsync(scans.Series(PhantomModality.Ct, patient));
        await ReadyAsync("ct", 3);
        Lap("three studies by DIMSE and auto-forward");

        // Pushed once more, on demand: nothing changes.
        foreach (var study in (await hospital.StudiesAsync(Ct)).Keys) await hospital.PushAsync("medgan", study, Ct);
        Assert.Equal([12, 12, 12], await ReadyAsync("ct", 3));

        // A command that comes twice, and a request: both pull the same study, as the same person in this project.
        var (original, copy) = (StudyOf(scans.Series(PhantomModality.Ct, 0)), "by-request");
        await mail.SendTwiceAsync("medgan.ingest-study.v1", new { project = Project, cohort = "by-command", pacs = "hospital", studyInstanceUid = original });
        await PostAsync(steward, $"cohorts/{copy}/fetches", new { pacs = "hospital", studyInstanceUid = original });
        Assert.Equal([12], await ReadyAsync("by-command", 1));
        Assert.Equal([12], await ReadyAsync(copy, 1));
        Assert.Equal(await PatientsAsync("by-command"), await PatientsAsync(copy));
        Assert.Subset((await PatientsAsync("ct")).ToHashSet(), (await PatientsAsync(copy)).ToHashSet());
        Assert.Equal(2, (await JobsAsync()).Count(j => j.Kind == "Fetch" && j.State == "Succeeded"));
        Lap("two fetches");
        await FailsAsync(new { pacs = "hospital", studyInstanceUid = "1.2.3.4.5" }, "holds no such study");

        // Out: a set is trained, generated, judged and published, and goes to the other archive by itself, which is killed meanwhile.
        for (var patient = 0; patient < 3; patient++) await TinyWork.StoreAsync(steward, "mr", scans.Series(PhantomModality.MrT1, 100 + patient));
        await ReadyAsync("mr", 3);
        await research.KillAsync();
        var training = (await PostAsync(researcher, "trainings", TinyWork.Training(1))).GetProperty("id").GetGuid();
        await Eventually.IsAsync(JobsAsync, jobs => jobs.Any(j => j is { Kind: "Train", State: "Succeeded" }), Ct);
        var set = (await PostAsync(researcher, "generations", new { training })).GetProperty("id").GetGuid();
        await Eventually.IsAsync(JobsAsync, jobs => jobs.Any(j => j is { Kind: "Deliver", State: "Queued" } && j.Message?.Contains("does not answer", StringComparison.Ordinal) == true), Ct);
        await research.StartAsync(Ct);
        await Eventually.IsAsync(JobsAsync, jobs => jobs.Any(j => j is { Kind: "Deliver", State: "Succeeded" }), Ct);
        Lap("trained, generated and delivered through a restart");

        // Delivered again: the archive has the same instances, each once, and they are those that MedGan shows.
        var delivered = await ShownAsync(research);
        Assert.NotEmpty(delivered);
        Assert.Equal(await ReleasedAsync(), delivered);
        await PostAsync(steward, $"generations/{set}/deliveries", new { pacs = "research" });
        await Eventually.IsAsync(JobsAsync, jobs => jobs.Count(j => j is { Kind: "Deliver", State: "Succeeded" }) == 2, Ct);
        Assert.Equal(delivered, await ShownAsync(research));
        await Eventually.IsAsync(async () => (await mail.EmptyAsync()).Count(m => m.Exchange == "medgan.synthetic-set-delivered.v1"), told => told >= 1, Ct);
        Lap("delivered twice");

        await NoOriginalIsKeptAsync();
        TestContext.Current.SendDiagnosticMessage(string.Join(", ", seconds));
    }

    private async Task StoreScuAsync(IReadOnlyList<byte[]> files)
    {
        var folder = Directory.CreateTempSubdirectory("medgan-storescu-");
        try
        {
            for (var i = 0; i < files.Count; i++) await File.WriteAllBytesAsync(Path.Combine(folder.FullName, $"{i}.dcm"), files[i], Ct);
            var (code, output, error) = await BuiltProgram.RunAsync("storescu", ["-aec", "ORTHANC", "+sd", "127.0.0.1", hospital.DicomPort.ToString(), folder.FullName], Ct);
            Assert.True(code == 0, output + error);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The instances of each series of a cohort, once there are so many and all are ready.</summary>
    private async Task<List<int>> ReadyAsync(string cohort, int series) => (await Eventually.IsAsync(() => SeriesAsync(cohort), found =>
        found.Count == series && found.All(s => s.GetProperty("state").GetString() == "Ready"), Ct)).ConvertAll(s => s.GetProperty("instances").GetInt32());

    private async Task<List<string>> PatientsAsync(string cohort) => (await SeriesAsync(cohort)).ConvertAll(s => s.GetProperty("patient").GetString()!);

    private async Task<List<JsonElement>> SeriesAsync(string cohort)
    {
        using var answer = await steward.GetAsync($"cohorts/{cohort}", Ct);
        return answer.IsSuccessStatusCode ? [.. (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("series").EnumerateArray()] : [];
    }

    private async Task<List<(string Kind, string State, string? Message, string? Error)>> JobsAsync() =>
        [.. (await researcher.GetFromJsonAsync<JsonElement>("jobs", Ct)).EnumerateArray().Select(j => (Text(j, "kind")!, Text(j, "state")!, Text(j, "message"), Text(j, "error")))];

    private static string? Text(JsonElement one, string name) => one.TryGetProperty(name, out var value) ? value.GetString() : null;

    private async Task FailsAsync(object fetch, string why)
    {
        await PostAsync(steward, "cohorts/none/fetches", fetch);
        await Eventually.IsAsync(JobsAsync, jobs => jobs.Any(j => j is { Kind: "Fetch", State: "Failed" } && j.Error!.Contains(why, StringComparison.Ordinal)), Ct);
    }

    private async Task<List<string>> ReleasedAsync() =>
        [.. (await researcher.GetFromJsonAsync<JsonElement>("dicomweb/instances?limit=1000", Ct)).EnumerateArray().Select(i => i.GetProperty("00080018").GetProperty("Value")[0].GetString()!).Order(StringComparer.Ordinal)];

    private static async Task<List<string>> ShownAsync(OrthancServer archive)
    {
        var instances = new List<string>();
        foreach (var uid in (await archive.StudiesAsync(Ct)).Values) instances.AddRange(await archive.InstancesAsync(uid, Ct));
        return [.. instances.Order(StringComparer.Ordinal)];
    }

    private static async Task<JsonElement> PostAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body, Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    private static string StudyOf(IReadOnlyList<byte[]> files) => DicomFile.Open(new MemoryStream(files[0])).Dataset.GetSingleValue<string>(DicomTag.StudyInstanceUID);

    /// <summary>Neither the archive's UIDs nor the patient's name are in any file of the service: databases, objects, logs, what the processes printed.</summary>
    private async Task NoOriginalIsKeptAsync()
    {
        var header = DicomFile.Open(new MemoryStream(scans.Series(PhantomModality.Ct, 0)[0])).Dataset;
        var originals = new[] { DicomTag.StudyInstanceUID, DicomTag.SeriesInstanceUID, DicomTag.PatientName, DicomTag.PatientID }.Select(tag => header.GetString(tag)).ToList();
        foreach (var file in Directory.EnumerateFiles(cluster.Folder, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            var text = await reader.ReadToEndAsync(Ct);
            Assert.All(originals, original => Assert.False(text.Contains(original, StringComparison.Ordinal), $"{Path.GetFileName(file)} holds an original value"));
        }
    }
}
