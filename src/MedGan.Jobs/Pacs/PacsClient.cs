using System.Net;
using System.Net.Http.Headers;
using System.Text;
using MedGan.Dicom.Web;
using MedGan.Storage.Pacs;
using MedGan.Storage.Queue;

namespace MedGan.Jobs.Pacs;

/// <summary>
/// Speaks DICOMweb to picture archives: WADO-RS to fetch, STOW-RS to deliver. It goes only where the settings say, and follows no
/// redirection. What may pass becomes a <see cref="TransientJobException"/>; what an operator must look at, a plain sentence.
/// </summary>
internal sealed class PacsClient(PacsOptions options) : IDisposable
{
    private const string Dicom = "application/dicom", DicomJson = "application/dicom+json";

    // No activity of its own: an address holds the archive's UIDs, and those are in no trace. No proxy of the environment: only the archive is called.
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ActivityHeadersPropagator = null, ConnectTimeout = TimeSpan.FromSeconds(10), PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>The archive of a name.</summary>
    /// <exception cref="JobFailedException">The settings name none that the project may use.</exception>
    public PacsArchive Archive(string name, string project) => options.Find(name, project) ?? throw new JobFailedException($"The settings of this worker name no PACS {name} that the project may use.");

    /// <summary>Begins to fetch a study or series; whatever transfer syntax it is stored in.</summary>
    /// <returns>The answer, whose body is still to come. The caller disposes it.</returns>
    public async Task<HttpResponseMessage> RetrieveAsync(PacsArchive archive, StudyReference reference, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(archive.Url, reference.Path));
        request.Headers.TryAddWithoutValidation("Accept", $"multipart/related; type=\"{Dicom}\"; transfer-syntax=*");
        var answer = await SendAsync(archive, request, ct);
        if (answer.StatusCode is HttpStatusCode.OK) return answer;
        using (answer)
        {
            throw answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.NoContent
                ? new JobFailedException($"The PACS {archive.Name} holds no such study.")
                : Unexpected(archive, answer);
        }
    }

    /// <summary>The body of an answer; an archive that falls silent for its patience breaks it off.</summary>
    public static async Task<Stream> BodyAsync(PacsArchive archive, HttpResponseMessage answer, CancellationToken ct) =>
        new ImpatientStream(await answer.Content.ReadAsStreamAsync(ct), archive.Patience);

    /// <summary>Sends instances.</summary>
    /// <returns>What became of each.</returns>
    public async Task<StowAcknowledgement> StoreAsync(PacsArchive archive, IReadOnlyList<Func<CancellationToken, Task<Stream>>> instances, CancellationToken ct)
    {
        using var content = new MultipartContent("related", $"medgan-{Guid.NewGuid():N}");
        content.Headers.ContentType!.Parameters.Add(new NameValueHeaderValue("type", $"\"{Dicom}\""));
        foreach (var open in instances) content.Add(new StreamContent(await open(ct)) { Headers = { ContentType = new MediaTypeHeaderValue(Dicom) } });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(archive.Url, "studies")) { Content = content };
        request.Headers.Accept.ParseAdd(DicomJson);
        using var answer = await SendAsync(archive, request, ct);
        // PS3.18 section 10.5.3: 200 all stored, 202 some, 409 none; each with the same kind of body.
        if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.Accepted or HttpStatusCode.Conflict)) throw Unexpected(archive, answer);
        return StowAcknowledgement.Read(await TextAsync(archive, answer, ct))
            ?? throw new JobFailedException($"The PACS {archive.Name} did not answer a STOW-RS request as PS3.18 tells; see that its address is the root of a DICOMweb service.");
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(PacsArchive archive, HttpRequestMessage request, CancellationToken ct)
    {
        if (archive.Token is { } token) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        else if (archive.User is { } user) request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{archive.Password}")));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(archive.Patience);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw Away(archive, e);
        }
    }

    private static async Task<string> TextAsync(PacsArchive archive, HttpResponseMessage answer, CancellationToken ct)
    {
        try
        {
            using var reader = new StreamReader(await BodyAsync(archive, answer, ct));
            return await reader.ReadToEndAsync(ct);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Away(archive, e);
        }
    }

    /// <summary>The archive cannot be reached, or broke off.</summary>
    public static TransientJobException Away(PacsArchive archive, Exception? inner = null) => new($"The PACS {archive.Name} does not answer.", inner);

    private static JobFailedException Unexpected(PacsArchive archive, HttpResponseMessage answer) => answer.StatusCode switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new JobFailedException($"The PACS {archive.Name} does not let MedGan in; see the account or token in MedGan:Pacs:{archive.Name}."),
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => Away(archive),
        >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest => new JobFailedException($"The PACS {archive.Name} sends MedGan to another address, which it does not follow; correct MedGan:Pacs:{archive.Name}:Url."),
        var status => new JobFailedException($"The PACS {archive.Name} answered {(int)status}; see that its address is the root of a DICOMweb service."),
    };
}
