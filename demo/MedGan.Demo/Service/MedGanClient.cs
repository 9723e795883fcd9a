using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace MedGan.Demo.Service;

/// <summary>MedGan's HTTP interface as its users see it: one client a role, nothing but HTTP.</summary>
internal sealed class MedGanClient(Uri service, string project, string token) : IDisposable
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly HttpClient _http = new()
    {
        BaseAddress = new Uri(service, $"/projects/{project}/"),
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };

    public async Task<T> GetAsync<T>(string path, CancellationToken ct) =>
        (await (await SendAsync(HttpMethod.Get, path, null, ct)).Content.ReadFromJsonAsync<T>(Json, ct))!;

    public async Task<byte[]> GetBytesAsync(string path, CancellationToken ct) =>
        await (await SendAsync(HttpMethod.Get, path, null, ct)).Content.ReadAsByteArrayAsync(ct);

    /// <summary>Streams a download to a file.</summary>
    public async Task DownloadAsync(string path, string file, CancellationToken ct)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null, ct);
        await using var target = File.Create(file);
        await answer.Content.CopyToAsync(target, ct);
    }

    public async Task<T> PostAsync<T>(string path, object body, CancellationToken ct) =>
        (await (await SendAsync(HttpMethod.Post, path, JsonContent.Create(body, options: Json), ct)).Content.ReadFromJsonAsync<T>(Json, ct))!;

    /// <summary>Sends a request; an answer that is no success becomes a plain sentence.</summary>
    /// <exception cref="DemoException">The service refused, or could not be reached.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        HttpResponseMessage answer;
        try { answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct); }
        catch (HttpRequestException e) { throw new DemoException($"the service at {_http.BaseAddress} cannot be reached: {e.Message}", 2); }
        if (answer.IsSuccessStatusCode) return answer;
        var text = await answer.Content.ReadAsStringAsync(ct);
        throw new DemoException($"{method} {path} was refused with {(int)answer.StatusCode}: {Reason(text)}", 2);
    }

    private static string Reason(string body)
    {
        try
        {
            using var problem = JsonDocument.Parse(body);
            if (problem.RootElement.TryGetProperty("detail", out var detail)) return detail.ToString();
            if (problem.RootElement.TryGetProperty("title", out var title)) return title.ToString();
        }
        catch (JsonException) { }
        return body.Length > 300 ? body[..300] : body;
    }

    public void Dispose() => _http.Dispose();
}
