using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace MedGan.Bench.Service;

/// <summary>A DICOMweb service as a client sees it: the same requests to ours and to the peer.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Client">Signed in.</param>
/// <param name="Store">Where studies are posted, relative to the client's address.</param>
/// <param name="Retrieve">Below which studies are fetched.</param>
internal sealed record DicomWebServer(string Name, HttpClient Client, string Store, string Retrieve)
{
    /// <summary>STOW-RS of instances in one request.</summary>
    /// <returns>Seconds until the whole answer was there.</returns>
    /// <exception cref="BenchException">Not every instance was stored.</exception>
    public async Task<double> StoreAsync(IReadOnlyList<byte[]> files)
    {
        using var body = new MultipartContent("related", "made-up-boundary");
        body.Headers.ContentType!.Parameters.Add(new NameValueHeaderValue("type", "\"application/dicom\""));
        foreach (var file in files) body.Add(new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/dicom") } });
        using var request = new HttpRequestMessage(HttpMethod.Post, Store) { Content = body, Headers = { Accept = { new MediaTypeWithQualityHeaderValue("application/dicom+json") } } };
        var clock = Stopwatch.StartNew();
        using var answer = await Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        var seconds = clock.Elapsed.TotalSeconds;
        if (!answer.IsSuccessStatusCode || Stored(text) != files.Count) throw new BenchException($"{Name} did not store {files.Count} instances: {(int)answer.StatusCode} {text[..Math.Min(300, text.Length)]}");
        return seconds;
    }

    /// <summary>WADO-RS of a study, a series or an instance.</summary>
    /// <param name="path">As 1.2/series/3.4/instances/5.6.</param>
    /// <param name="instances">How many parts there must be.</param>
    /// <param name="bytes">How many bytes at least.</param>
    /// <returns>Seconds until the last byte was there.</returns>
    /// <exception cref="BenchException">Something is missing.</exception>
    public async Task<double> RetrieveAsync(string path, int instances, long bytes)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Retrieve}/studies/{path}");
        request.Headers.TryAddWithoutValidation("Accept", "multipart/related; type=\"application/dicom\"; transfer-syntax=*");
        var clock = Stopwatch.StartNew();
        using var answer = await Client.SendAsync(request);
        var body = await answer.Content.ReadAsByteArrayAsync();
        var seconds = clock.Elapsed.TotalSeconds;
        var parts = Count(body, "Content-Type: application/dicom"u8);
        if (!answer.IsSuccessStatusCode || parts != instances || body.Length < bytes) throw new BenchException($"{Name} answered {(int)answer.StatusCode} with {parts} of {instances} instances, {body.Length} bytes");
        return seconds;
    }

    private static int Stored(string answer) =>
        JsonDocument.Parse(answer).RootElement.TryGetProperty("00081199", out var stored) ? stored.GetProperty("Value").GetArrayLength() : 0;

    private static int Count(ReadOnlySpan<byte> text, ReadOnlySpan<byte> what)
    {
        var count = 0;
        for (int at; (at = text.IndexOf(what)) >= 0; text = text[(at + what.Length)..]) count++;
        return count;
    }
}
