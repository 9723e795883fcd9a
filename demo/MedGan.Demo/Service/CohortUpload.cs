using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace MedGan.Demo.Service;

/// <summary>Uploads files in the two ways a steward has: DICOMweb STOW-RS and a zip archive.</summary>
internal static class CohortUpload
{
    /// <returns>The job that ingests what was stored.</returns>
    public static async Task<Guid?> StowAsync(MedGanClient steward, string cohort, IEnumerable<string> files, CancellationToken ct)
    {
        using var body = new MultipartContent("related");
        body.Headers.ContentType!.Parameters.Add(new NameValueHeaderValue("type", "\"application/dicom\""));
        foreach (var file in files)
            body.Add(new StreamContent(File.OpenRead(file)) { Headers = { ContentType = new MediaTypeHeaderValue("application/dicom") } });
        using var answer = await steward.SendAsync(HttpMethod.Post, $"cohorts/{cohort}/dicomweb/studies", body, ct);
        return answer.Headers.TryGetValues("MedGan-Ingest-Job", out var job) ? Guid.Parse(job.First()) : null;
    }

    /// <returns>The job that ingests what was stored.</returns>
    public static async Task<Guid?> ZipAsync(MedGanClient steward, string cohort, IEnumerable<string> files, CancellationToken ct)
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            var number = 0;
            foreach (var file in files) zip.CreateEntryFromFile(file, $"{number++:D5}.dcm", CompressionLevel.Fastest);
        }
        buffer.Position = 0;
        using var body = new StreamContent(buffer) { Headers = { ContentType = new MediaTypeHeaderValue("application/zip") } };
        using var answer = await steward.SendAsync(HttpMethod.Post, $"cohorts/{cohort}/archives", body, ct);
        return (await answer.Content.ReadFromJsonAsync<ArchiveAnswer>(MedGanClient.Json, ct))!.IngestJob;
    }
}
