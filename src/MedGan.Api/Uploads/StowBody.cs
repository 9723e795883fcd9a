using System.Runtime.CompilerServices;
using MedGan.Dicom.Web;

namespace MedGan.Api.Uploads;

/// <summary>The objects of a STOW-RS request (PS3.18 section 10.5.1), within the limits of an upload.</summary>
public static class StowBody
{
    /// <summary>Reads them as they arrive; the Content-Type is looked at at once.</summary>
    /// <exception cref="Problems.RefusedException">415, 400 or 413, with the reason; from the body only once it is read.</exception>
    public static IAsyncEnumerable<DicomPart> Read(HttpRequest request, UploadLimits limits, CancellationToken ct)
    {
        try
        {
            return ReadAsync(request.Body, DicomMultipart.BoundaryOf(request.ContentType), limits, ct);
        }
        catch (MultipartException e)
        {
            throw Refusals.Of(e);
        }
    }

    private static async IAsyncEnumerable<DicomPart> ReadAsync(Stream body, string boundary, UploadLimits limits, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var parts = DicomMultipart.ReadAsync(new BoundedBody(body, limits.TotalBytes), boundary, limits.Parts, limits.PartBytes, ct).GetAsyncEnumerator(ct);
        while (await NextAsync(parts)) yield return parts.Current;
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<DicomPart> parts)
    {
        try
        {
            return await parts.MoveNextAsync();
        }
        catch (MultipartException e)
        {
            throw Refusals.Of(e);
        }
    }
}
