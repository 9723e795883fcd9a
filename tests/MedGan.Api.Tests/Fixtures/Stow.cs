using System.Net.Http.Headers;

namespace MedGan.Api.Tests.Fixtures;

/// <summary>STOW-RS requests.</summary>
internal static class Stow
{
    public static string Path(string cohort, string project = TestService.Project) => $"/projects/{project}/cohorts/{cohort}/dicomweb/studies";

    public static HttpContent Body(params byte[][] instances)
    {
        var body = new MultipartContent("related", "made-up-boundary");
        body.Headers.ContentType!.Parameters.Add(new NameValueHeaderValue("type", "\"application/dicom\""));
        foreach (var instance in instances)
        {
            var part = new ByteArrayContent(instance);
            part.Headers.ContentType = new MediaTypeHeaderValue("application/dicom");
            body.Add(part);
        }
        return body;
    }

    public static HttpContent Raw(byte[] body, string contentType)
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return content;
    }

    /// <summary>Sent in chunks, without saying its length beforehand.</summary>
    public static HttpContent Chunked(byte[] body, string contentType)
    {
        var content = new StreamContent(new Unseekable(body));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return content;
    }

    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
        public override long Length => throw new NotSupportedException();
    }
}
