using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MedGan.Dicom.Rendering;

/// <summary>Writes PNG images (ISO/IEC 15948), grey with 8 or 16 bits or RGB with 8, each scan line with the filter that makes it smallest of None, Sub and Up.</summary>
public static class PngFile
{
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(n =>
    {
        var c = (uint)n;
        for (var k = 0; k < 8; k++)
            c = (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1;
        return c;
    })];

    /// <summary>Grey, 8 bits: <paramref name="pixels"/> is [row, column].</summary>
    public static void Gray8(Stream stream, int width, int height, ReadOnlySpan<byte> pixels) => Write(stream, width, height, pixels, 8, 0, 1);

    /// <summary>Grey, 16 bits: <paramref name="pixels"/> is [row, column]; <paramref name="comment"/> is kept in the file, where it is given.</summary>
    public static void Gray16(Stream stream, int width, int height, ReadOnlySpan<ushort> pixels, string? comment = null)
    {
        var bytes = new byte[pixels.Length * 2];
        for (var i = 0; i < pixels.Length; i++)
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2 * i), pixels[i]);
        Write(stream, width, height, bytes, 16, 0, 2, comment);
    }

    /// <summary>Colour, 8 bits: <paramref name="pixels"/> is [row, column, red-green-blue].</summary>
    public static void Rgb(Stream stream, int width, int height, ReadOnlySpan<byte> pixels) => Write(stream, width, height, pixels, 8, 2, 3);

    private static void Write(Stream stream, int width, int height, ReadOnlySpan<byte> data, byte bitDepth, byte colorType, int bytesPerPixel, string? comment = null)
    {
        if (width <= 0 || height <= 0 || data.Length != (long)width * height * bytesPerPixel)
            throw new ArgumentException($"{data.Length} bytes do not make an image of {width} x {height}.", nameof(data));
        stream.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        (header[8], header[9]) = (bitDepth, colorType);
        header[10..].Clear();
        Chunk(stream, "IHDR"u8, header);
        // All 16 bits count: without it a reader cannot tell a dark picture from one of 12 bits.
        if (bitDepth == 16)
            Chunk(stream, "sBIT"u8, [16]);
        if (comment is not null)
            Chunk(stream, "tEXt"u8, Encoding.Latin1.GetBytes("Comment\0" + comment));
        Chunk(stream, "IDAT"u8, Compress(data, width * bytesPerPixel, bytesPerPixel));
        Chunk(stream, "IEND"u8, []);
    }

    private static byte[] Compress(ReadOnlySpan<byte> data, int stride, int bytesPerPixel)
    {
        using var buffer = new MemoryStream();
        using (var zlib = new ZLibStream(buffer, CompressionLevel.Optimal, leaveOpen: true))
        {
            byte[] sub = new byte[stride], up = new byte[stride];
            ReadOnlySpan<byte> previous = new byte[stride];
            for (var offset = 0; offset < data.Length; offset += stride)
            {
                var line = data.Slice(offset, stride);
                for (var i = 0; i < stride; i++)
                {
                    sub[i] = (byte)(line[i] - (i < bytesPerPixel ? 0 : line[i - bytesPerPixel]));
                    up[i] = (byte)(line[i] - previous[i]);
                }
                long none = Cost(line), subCost = Cost(sub), upCost = Cost(up);
                var filter = none <= subCost && none <= upCost ? 0 : subCost <= upCost ? 1 : 2;
                zlib.WriteByte((byte)filter);
                zlib.Write(filter switch { 0 => line, 1 => sub, _ => up });
                previous = line;
            }
        }
        return buffer.ToArray();
    }

    // The usual heuristic: the filter whose residuals have the least sum of magnitudes (PNG specification 12.7).
    private static long Cost(ReadOnlySpan<byte> line)
    {
        long sum = 0;
        foreach (var b in line)
            sum += Math.Abs((int)(sbyte)b);
        return sum;
    }

    private static void Chunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, data.Length);
        stream.Write(word);
        stream.Write(type);
        stream.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(word, ~Crc(data, Crc(type, 0xFFFFFFFF)));
        stream.Write(word);
    }

    internal static uint Crc(ReadOnlySpan<byte> data, uint crc)
    {
        foreach (var b in data)
            crc = CrcTable[(crc ^ b) & 0xFF] ^ (crc >> 8);
        return crc;
    }
}
