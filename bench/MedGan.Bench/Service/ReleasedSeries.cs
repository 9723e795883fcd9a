using System.Net.Http.Json;
using System.Text.Json;
using MedGan.Phantoms;
using MedGan.Testing;

namespace MedGan.Bench.Service;

/// <summary>
/// A synthetic series that our service hands out, made by its own main job: a training of six steps, whose images are poor and whose files
/// are of the size of real ones. The peer is given the same files.
/// </summary>
/// <param name="Study">Its UID.</param>
/// <param name="Series">Its UID.</param>
/// <param name="Instances">Their UIDs.</param>
/// <param name="Files">As our service sends them.</param>
internal sealed record ReleasedSeries(string Study, string Series, IReadOnlyList<string> Instances, IReadOnlyList<byte[]> Files)
{
    private const int Patients = 3;

    private static readonly Dictionary<string, object> plan = new()
    {
        ["imageSize"] = 32, ["generatorWidth"] = 4, ["residualBlocks"] = 1, ["pixelPathWidth"] = 4, ["discriminatorWidth"] = 4,
        ["batchSize"] = 2, ["poolSize"] = 4, ["checkpointEverySteps"] = 6, ["sampleEverySteps"] = 100, ["threads"] = 1,
    };

    /// <summary>Runs the main job; the service needs a worker.</summary>
    /// <exception cref="BenchException">A job failed, or no series was released whole.</exception>
    public static async Task<ReleasedSeries> MakeAsync(RunningService service, string project, Scans scans, CancellationToken ct)
    {
        using var steward = await service.ClientAsync("steward", project, ct);
        using var researcher = await service.ClientAsync("researcher", project, ct);
        for (var head = 1; head <= Patients; head++)
        {
            foreach (var (cohort, modality) in new[] { ("ct", PhantomModality.Ct), ("mr", PhantomModality.MrT1) })
                await new DicomWebServer("MedGan", steward, $"cohorts/{cohort}/dicomweb/studies", "").StoreAsync(scans.Next(modality, modality == PhantomModality.Ct ? head : head + Patients));
        }
        await EndedAsync(researcher, 2 * Patients, ct);
        var training = await PostAsync(researcher, "trainings", new { name = "bench", ctCohort = "ct", mrCohort = "mr", steps = 6, plan }, ct);
        await EndedAsync(researcher, 2 * Patients + 1, ct);
        await PostAsync(researcher, "generations", new { training = training.GetProperty("id").GetGuid() }, ct);
        await EndedAsync(researcher, 2 * Patients + 4, ct);
        return await LargestAsync(researcher, ct);
    }

    /// <summary>The path of the whole series, and of each instance, for WADO-RS.</summary>
    public string Path => $"{Study}/series/{Series}";

    private static async Task<ReleasedSeries> LargestAsync(HttpClient researcher, CancellationToken ct)
    {
        var instances = await researcher.GetFromJsonAsync<JsonElement>("dicomweb/instances?limit=1000", ct);
        var series = instances.EnumerateArray().GroupBy(i => (Study: Value(i, "0020000D"), Series: Value(i, "0020000E"))).MaxBy(g => g.Count()) ?? throw new BenchException("the privacy gate released nothing");
        List<string> uids = [.. series.Select(i => Value(i, "00080018"))];
        List<byte[]> files = [];
        foreach (var uid in uids)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"dicomweb/studies/{series.Key.Study}/series/{series.Key.Series}/instances/{uid}");
            request.Headers.TryAddWithoutValidation("Accept", "application/dicom");
            using var answer = await researcher.SendAsync(request, ct);
            files.Add(await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(ct));
        }
        return new(series.Key.Study, series.Key.Series, uids, files);
    }

    private static string Value(JsonElement instance, string tag) => instance.GetProperty(tag).GetProperty("Value")[0].GetString()!;

    private static async Task<JsonElement> PostAsync(HttpClient client, string path, object body, CancellationToken ct)
    {
        using var answer = await client.PostAsJsonAsync(path, body, ct);
        if (!answer.IsSuccessStatusCode) throw new BenchException($"{path} was answered with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(ct)}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
    }

    private static async Task EndedAsync(HttpClient client, int count, CancellationToken ct)
    {
        while (true)
        {
            var jobs = (await client.GetFromJsonAsync<JsonElement>("jobs", ct)).EnumerateArray().ToList();
            if (jobs.Find(j => j.GetProperty("state").GetString() is "Failed" or "Cancelled") is { ValueKind: JsonValueKind.Object } failed) throw new BenchException($"a job failed: {failed}");
            if (jobs.Count(j => j.GetProperty("state").GetString() == "Succeeded") >= count) return;
            await Task.Delay(200, ct);
        }
    }
}
