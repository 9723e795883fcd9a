using System.Security.Cryptography;
using System.Text;
using MedGan.Storage.Objects;

namespace MedGan.Api.Downloads;

/// <summary>Instances as one multipart/related answer (PS3.18 section 10.4.4), streamed from their files one after the other.</summary>
internal static class MultipartDicom
{
    /// <summary>A strong entity tag over what is sent: the content hashes in their order.</summary>
    public static string TagOf(IEnumerable<ReleasedInstanceRow> rows, string form) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(form + "\n" + string.Join('\n', rows.Select(r => r.Instance.SopInstanceUid + r.Instance.Sha256)))))[..40];

    /// <summary>Writes every instance. The boundary follows from the entity tag, so that equal answers are equal bytes.</summary>
    public static async Task WriteAsync(HttpResponse response, IReadOnlyList<ReleasedInstanceRow> rows, string tag, ReleaseStore files, CancellationToken ct)
    {
        var boundary = "medgan-" + tag;
        response.ContentType = $"multipart/related; type=\"application/dicom\"; boundary={boundary}";
        foreach (var row in rows)
        {
            await using var content = await files.OpenAsync(row.Instance, ct);
            await response.WriteAsync($"--{boundary}\r\nContent-Type: application/dicom; transfer-syntax={AcceptHeader.ExplicitLittleEndian}\r\nContent-Length: {content.Length}\r\n\r\n", Encoding.ASCII, ct);
            await content.CopyToAsync(response.Body, ct);
            await response.WriteAsync("\r\n", Encoding.ASCII, ct);
        }
        await response.WriteAsync($"--{boundary}--\r\n", Encoding.ASCII, ct);
    }
}
