using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.WebUtilities;

namespace MedGan.Api.Uploads;

/// <summary>Reads a STOW-RS body (PS3.18 section 10.5.1, multipart/related of RFC 2387) part by part, as it arrives.</summary>
public static class MultipartRelatedReader
{
    private const int MaxBoundary = 200;
    private const string Dicom = "application/dicom";

    /// <summary>The boundary of the request.</summary>
    /// <exception cref="Problems.RefusedException">415: not multipart/related of application/dicom; 400: no usable boundary.</exception>
    public static string BoundaryOf(string? contentType)
    {
        var header = ContentTypeHeader.Parse(contentType);
        if (header.MediaType != "multipart/related")
        {
            throw Refusals.WrongType("Send multipart/related; type=\"application/dicom\"; boundary=...");
        }
        if (header["type"] is { } type && !string.Equals(type, Dicom, StringComparison.OrdinalIgnoreCase))
        {
            throw Refusals.WrongType("The parts of a multipart/related upload must be of type application/dicom.");
        }
        if (header["boundary"] is not { Length: > 0 and <= MaxBoundary } boundary || boundary.Any(c => c is < ' ' or > '~'))
        {
            throw Refusals.BadMultipart("The Content-Type names no usable boundary.");
        }
        return boundary;
    }

    /// <summary>The parts in their order. A body that breaks off, or holds none, ends in a refusal.</summary>
    public static async IAsyncEnumerable<UploadedObject> ReadAsync(
        Stream body, string boundary, UploadLimits limits, [EnumeratorCancellation] CancellationToken ct)
    {
        var reader = new MultipartReader(boundary, new BoundedBody(body, limits.TotalBytes)) { HeadersCountLimit = 16, HeadersLengthLimit = 16 * 1024 };
        var index = 0;
        while (await NextAsync(reader, ct) is { } section)
        {
            if (index == limits.Parts)
            {
                throw Refusals.TooManyParts(limits.Parts);
            }
            if (ContentTypeHeader.Parse(section.ContentType).MediaType is not ("" or Dicom))
            {
                throw Refusals.WrongType($"Part {index} is not of type application/dicom.");
            }
            yield return new UploadedObject(index, await ContentAsync(section.Body, index, limits.PartBytes, ct));
            index++;
        }
        if (index == 0)
        {
            throw Refusals.BadMultipart("The body holds no part.");
        }
    }

    private static async Task<MultipartSection?> NextAsync(MultipartReader reader, CancellationToken ct)
    {
        try
        {
            return await reader.ReadNextSectionAsync(ct);
        }
        catch (Exception e) when (IsMalformed(e))
        {
            throw Refusals.BadMultipart("The body breaks off or is not framed by the boundary that the Content-Type names.");
        }
    }

    private static async Task<MemoryStream> ContentAsync(Stream part, int index, long limit, CancellationToken ct)
    {
        var content = new MemoryStream();
        var buffer = new byte[81_920];
        try
        {
            for (int read; (read = await part.ReadAsync(buffer, ct)) > 0;)
            {
                if (content.Length + read > limit)
                {
                    throw Refusals.PartTooLarge(index, limit);
                }
                content.Write(buffer, 0, read);
            }
        }
        catch (Exception e) when (IsMalformed(e))
        {
            throw Refusals.BadMultipart($"The body breaks off within part {index}.");
        }
        content.Position = 0;
        return content;
    }

    // The reader tells a malformed body by these two types themselves; a lost connection is a type derived from IOException.
    private static bool IsMalformed(Exception e) => e is InvalidDataException || e.GetType() == typeof(IOException);
}
