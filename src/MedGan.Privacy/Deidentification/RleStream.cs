using System.Buffers.Binary;

namespace MedGan.Privacy.Deidentification;

/// <summary>An RLE stream (PS3.5 annex G) reduced to its segments: no unused header fields, no gaps, no trailing bytes.</summary>
internal static class RleStream
{
    private const int HeaderLength = 64;

    /// <summary>The cleaned stream; null if a segment does not decode to exactly one byte per pixel.</summary>
    public static byte[]? Clean(ReadOnlySpan<byte> stream, int pixels, int segments)
    {
        if (stream.Length < HeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(stream) != segments) return null;
        var result = new List<byte>(new byte[HeaderLength]);
        Span<byte> header = stackalloc byte[HeaderLength];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)segments);
        for (int segment = 0; segment < segments; segment++)
        {
            uint offset = BinaryPrimitives.ReadUInt32LittleEndian(stream[(4 + 4 * segment)..]);
            if (offset < HeaderLength || offset >= stream.Length) return null;
            int length = EncodedLength(stream[(int)offset..], pixels);
            if (length < 0) return null;
            BinaryPrimitives.WriteUInt32LittleEndian(header[(4 + 4 * segment)..], (uint)result.Count);
            result.AddRange(stream.Slice((int)offset, length));
            if (result.Count % 2 != 0) result.Add(0);
        }
        byte[] bytes = [.. result];
        header.CopyTo(bytes);
        return bytes;
    }

    private static int EncodedLength(ReadOnlySpan<byte> segment, int pixels)
    {
        int at = 0, decoded = 0;
        while (decoded < pixels)
        {
            if (at >= segment.Length) return -1;
            int control = (sbyte)segment[at++];
            if (control == -128) return -1; // allowed as "no operation", written by nobody, and a place to hide bytes
            decoded += control >= 0 ? control + 1 : 1 - control;
            at += control >= 0 ? control + 1 : 1;
            if (at > segment.Length || decoded > pixels) return -1;
        }
        return at;
    }
}
