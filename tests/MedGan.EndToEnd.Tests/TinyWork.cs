using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MedGan.Phantoms;
using MedGan.Phantoms.Series;
using Xunit;

namespace MedGan.EndToEnd.Tests;

/// <summary>Scans and a training that are as small as they can be: for tests of what happens around them.</summary>
internal sealed class TinyWork
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private readonly Dictionary<(PhantomModality, int), IReadOnlyList<byte[]>> scans = [];

    /// <summary>The files of a head of 12 slices.</summary>
    public IReadOnlyList<byte[]> Series(PhantomModality modality, int patient)
    {
        if (scans.TryGetValue((modality, patient), out var known)) return known;
        var folder = Directory.CreateTempSubdirectory("medgan-scan-");
        try
        {
            PhantomSeries.Write(PhantomPatient.Create(patient + 1), modality, folder.FullName, new PhantomGrid(Columns: 48, Slices: 12, PixelSpacingMm: 5, SliceSpacingMm: 9));
            return scans[(modality, patient)] = [.. Directory.EnumerateFiles(folder.FullName).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The body of a STOW-RS request.</summary>
    public static MultipartContent Stow(IEnumerable<byte[]> files)
    {
        var content = new MultipartContent("related", "made-up-boundary");
        content.Headers.ContentType!.Parameters.Add(new NameValueHeaderValue("type", "\"application/dicom\""));
        foreach (var file in files) content.Add(new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/dicom") } });
        return content;
    }

    /// <summary>Uploads a series, which must be taken.</summary>
    public static async Task StoreAsync(HttpClient steward, string cohort, IReadOnlyList<byte[]> files)
    {
        using var content = Stow(files);
        using var answer = await steward.PostAsync($"cohorts/{cohort}/dicomweb/studies", content, Ct);
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(Ct)}");
    }

    /// <summary>Waits until so many jobs of the client's project have succeeded.</summary>
    public static Task SucceededAsync(HttpClient client, int jobs) => Eventually.IsAsync(
        () => client.GetFromJsonAsync<JsonElement>("jobs", Ct), all => all.EnumerateArray().Count(job => job.GetProperty("state").GetString() == "Succeeded") == jobs, Ct);

    /// <summary>A training of six steps between the cohorts ct and mr.</summary>
    public static object Training(int seed) => new
    {
        name = $"training {seed}", ctCohort = "ct", mrCohort = "mr", steps = 6,
        plan = new Dictionary<string, object>
        {
            ["imageSize"] = 32, ["generatorWidth"] = 4, ["residualBlocks"] = 1, ["pixelPathWidth"] = 4, ["discriminatorWidth"] = 4,
            ["batchSize"] = 2, ["poolSize"] = 4, ["checkpointEverySteps"] = 2, ["sampleEverySteps"] = 100, ["threads"] = 1, ["seed"] = seed,
        },
    };
}
