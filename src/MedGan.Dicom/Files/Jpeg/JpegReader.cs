using System.Buffers.Binary;

namespace MedGan.Dicom.Files.Jpeg;

/// <summary>
/// Reads JPEG images (ITU-T T.81), baseline, extended and progressive with 8 bits, as grey. Of a colour image in YCbCr the grey values are its Y component as it
/// was stored: luma by BT.601, without a way through RGB and back; so only that component is transformed.
/// </summary>
/// <remarks>
/// Managed code rather than a system library: pictures come from anywhere, the grey half of the standard is short, and no malformed file can then do more than be
/// refused. Arithmetic coding, lossless and hierarchical frames, 12 bits and CMYK are refused by name.
/// </remarks>
public static class JpegReader
{
    /// <summary>The bytes that every JPEG file begins with.</summary>
    public static ReadOnlySpan<byte> Signature => [0xFF, 0xD8, 0xFF];

    /// <summary>The picture in <paramref name="file"/>.</summary>
    /// <exception cref="ImageFileException">It is not a whole JPEG image, of a kind that is not read, or larger than is read.</exception>
    public static GrayRaster Read(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(Signature))
            throw new ImageFileException("This is not a JPEG file.");
        return new JpegDecoding(file.ToArray()).Run();
    }
}

/// <summary>The walk over a file's segments (T.81 annex B).</summary>
internal sealed class JpegDecoding(byte[] file)
{
    // A progressive image has about ten; a file of thousands of empty ones only costs time.
    private const int MaxScans = 200;

    private readonly ushort[]?[] quantization = new ushort[4][];
    private readonly HuffmanCode?[] dc = new HuffmanCode[4], ac = new HuffmanCode[4];
    private JpegFrame? frame;
    private int position = 2, restartInterval, scans;
    private bool jfif;
    private int? adobeTransform;

    public GrayRaster Run()
    {
        while (true)
        {
            var marker = NextMarker();
            if (marker == 0xD9)
                return Frame().ToRaster(jfif, adobeTransform);
            if (marker is 0x01 or (>= 0xD0 and <= 0xD7))
                continue;
            var body = Segment();
            switch (marker)
            {
                case 0xC0 or 0xC1 or 0xC2: Begin(body, marker == 0xC2); break;
                case 0xC4: HuffmanTables(body); break;
                case 0xDA: Scan(body); break;
                case 0xDB: QuantizationTables(body); break;
                case 0xDD: restartInterval = Require(body, 2) ? BinaryPrimitives.ReadUInt16BigEndian(body) : 0; break;
                case 0xE0: jfif |= body.StartsWith("JFIF\0"u8); break;
                case 0xEE when body.Length >= 12 && body.StartsWith("Adobe"u8): adobeTransform = body[11]; break;
                case 0xC3: throw Unread("lossless");
                case >= 0xC5 and <= 0xC7: throw Unread("hierarchical");
                case >= 0xC9 and <= 0xCF and not 0xCC: throw Unread("arithmetically coded");
                case 0xDC or 0xDE or 0xDF: throw Unread("hierarchical or line-counted");
            }
        }
    }

    private byte NextMarker()
    {
        while (position + 1 < file.Length)
        {
            if (file[position] == 0xFF && file[position + 1] is not (0 or 0xFF))
            {
                position += 2;
                return file[position - 1];
            }
            position++;
        }
        throw new ImageFileException("The JPEG file ends too early.");
    }

    private ReadOnlySpan<byte> Segment()
    {
        var length = position + 2 <= file.Length ? BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(position)) : 0;
        if (length < 2 || position + length > file.Length)
            throw new ImageFileException("The JPEG file ends too early.");
        var body = file.AsSpan(position + 2, length - 2);
        position += length;
        return body;
    }

    private void Begin(ReadOnlySpan<byte> body, bool progressive)
    {
        if (frame is not null)
            throw Unread("hierarchical");
        frame = JpegFrame.Of(body, progressive, file.Length);
    }

    private void QuantizationTables(ReadOnlySpan<byte> body)
    {
        while (body.Length > 0)
        {
            var (wide, table) = (body[0] >> 4 != 0, body[0] & 15);
            Require(body, wide ? 129 : 65);
            if (table > 3)
                throw Damaged();
            var steps = quantization[table] = new ushort[64];
            for (var i = 0; i < 64; i++)
                steps[i] = wide ? BinaryPrimitives.ReadUInt16BigEndian(body[(1 + 2 * i)..]) : body[1 + i];
            body = body[(wide ? 129 : 65)..];
        }
    }

    private void HuffmanTables(ReadOnlySpan<byte> body)
    {
        while (body.Length > 0)
        {
            Require(body, 17);
            var (kind, table) = (body[0] >> 4, body[0] & 15);
            var counts = body.Slice(1, 16);
            var symbols = 0;
            foreach (var count in counts)
                symbols += count;
            Require(body, 17 + symbols);
            if (kind > 1 || table > 3)
                throw Damaged();
            (kind == 0 ? dc : ac)[table] = new HuffmanCode(counts, body.Slice(17, symbols));
            body = body[(17 + symbols)..];
        }
    }

    private void Scan(ReadOnlySpan<byte> body)
    {
        if (++scans > MaxScans)
            throw new ImageFileException($"The JPEG file has more than {MaxScans} scans.");
        Require(body, 1);
        var count = body[0];
        Require(body, 4 + 2 * count);
        if (count is 0 or > 3)
            throw Damaged();
        var components = new List<JpegComponent>();
        for (var i = 0; i < count; i++)
        {
            var (id, tables) = (body[1 + 2 * i], body[2 + 2 * i]);
            var component = Frame().Components.FirstOrDefault(c => c.Id == id);
            if (component is null || components.Contains(component) || (tables >> 4) > 3 || (tables & 15) > 3)
                throw Damaged();
            (component.Dc, component.Ac) = (dc[tables >> 4], ac[tables & 15]);
            component.Steps ??= quantization[component.QuantizationTable];
            components.Add(component);
        }
        var (first, last, bits) = (body[1 + 2 * count], body[2 + 2 * count], body[3 + 2 * count]);
        position = Frame().Scan(components, first, last, bits >> 4, bits & 15, restartInterval).Decode(file, position, Frame().UnitsWide, Frame().UnitsHigh);
    }

    private JpegFrame Frame() => frame ?? throw Damaged();

    private static bool Require(ReadOnlySpan<byte> body, int length) => body.Length >= length ? true : throw Damaged();

    private static ImageFileException Unread(string kind) => new($"The JPEG file is {kind}; only baseline, extended and progressive Huffman-coded files are read.");

    private static ImageFileException Damaged() => new("The header of the JPEG file is damaged.");
}
