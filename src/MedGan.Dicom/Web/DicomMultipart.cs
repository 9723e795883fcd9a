using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.WebUtilities;

namespace MedGan.Dicom.Web;

/// <summary>What is wrong with a multipart body.</summary>
public enum MultipartFault
{
    /// <summary>Another type than multipart/related of application/dicom.</summary>
    WrongType,
    /// <summary>It breaks off, is not framed by its boundary, or holds nothing.</summary>
    Malformed,
    /// <summary>A part holds too many bytes.</summary>
    PartTooLarge,
    /// <summary>It has too many parts.</summary>
    TooManyParts,
}

/// <summary>A multipart body cannot be taken; the message is one plain sentence.</summary>
public sealed class MultipartException(MultipartFault fault, string sentence) : Exception(sentence)
{
    /// <summary>What is wrong.</summary>
    public MultipartFault Fault { get; } = fault;
}

/// <summary>Reads a body of DICOM objects (PS3.18 section 8.6.1.2, multipart/related of RFC 2387) part by part, as it arrives.</summary>
public static class DicomMultipart
{
    private const int MaxBoundary = 200;
    private const int BufferBytes = 64 * 1024;

    // A part is likely as long as the one before it: room for it beforehand saves copies, and what is larger grows as it comes.
    private const int MaxRoom = 4 * 1024 * 1024;

    private const string Dicom = "application/dicom";

    /// <summary>The boundary that a Content-Type names.</summary>
    /// <exception cref="MultipartException">It is not multipart/related of application/dicom, or names no usable boundary.</exception>
    public static string BoundaryOf(string? contentType)
    {
        var header = ContentTypeHeader.Parse(contentType);
        if (header.MediaType != "multipart/related")
        {
            throw new MultipartException(MultipartFault.WrongType, "The body must be multipart/related; type=\"application/dicom\"; boundary=...");
        }
        if (header["type"] is { } type && !string.Equals(type, Dicom, StringComparison.OrdinalIgnoreCase))
        {
            throw new MultipartException(MultipartFault.WrongType, "The parts of a multipart/related body must be of type application/dicom.");
        }
        if (header["boundary"] is not { Length: > 0 and <= MaxBoundary } boundary || boundary.Any(c => c is < ' ' or > '~'))
        {
            throw new MultipartException(MultipartFault.Malformed, "The Content-Type names no usable boundary.");
        }
        return boundary;
    }

    /// <summary>The parts in their order.</summary>
    /// <param name="body">The body; what bounds its length is the caller's.</param>
    /// <param name="boundary">Of <see cref="BoundaryOf"/>.</param>
    /// <param name="parts">How many parts there may be.</param>
    /// <param name="partBytes">How many bytes a part may hold; each is held in memory.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="MultipartException">The body cannot be taken; it may show only after some parts.</exception>
    public static async IAsyncEnumerable<DicomPart> ReadAsync(Stream body, string boundary, int parts, long partBytes, [EnumeratorCancellation] CancellationToken ct)
    {
        var reader = new MultipartReader(boundary, body, BufferBytes) { HeadersCountLimit = 16, HeadersLengthLimit = 16 * 1024 };
        var (index, room) = (0, 0);
        while (await NextAsync(reader, ct) is { } section)
        {
            if (index == parts)
            {
                throw new MultipartException(MultipartFault.TooManyParts, $"A body may hold {parts} objects; send it in several requests.");
            }
            if (ContentTypeHeader.Parse(section.ContentType).MediaType is not ("" or Dicom))
            {
                throw new MultipartException(MultipartFault.WrongType, $"Part {index} is not of type application/dicom.");
            }
            var content = await ContentAsync(section.Body, index, room, partBytes, ct);
            room = (int)Math.Min(content.Length, MaxRoom);
            yield return new DicomPart(index, content);
            index++;
        }
        if (index == 0)
        {
            throw new MultipartException(MultipartFault.Malformed, "The body holds no part.");
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
            throw new MultipartException(MultipartFault.Malformed, "The body breaks off or is not framed by the boundary that the Content-Type names.");
        }
    }

    private static async Task<MemoryStream> ContentAsync(Stream part, int index, int room, long limit, CancellationToken ct)
    {
        try
        {
            return await DicomPart.ReadContentAsync(part, limit, room, ct) ?? throw new MultipartException(MultipartFault.PartTooLarge, $"Object {index} holds more than {limit} bytes.");
        }
        catch (Exception e) when (IsMalformed(e))
        {
            throw new MultipartException(MultipartFault.Malformed, $"The body breaks off within part {index}.");
        }
    }

    // The reader tells a malformed body by these two types themselves; a lost connection is a type derived from IOException.
    private static bool IsMalformed(Exception e) => e is InvalidDataException || e.GetType() == typeof(IOException);
}
