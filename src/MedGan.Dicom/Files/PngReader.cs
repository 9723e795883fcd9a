using System.Buffers.Binary;
using System.IO.Compression;
using MedGan.Dicom.Rendering;

namespace MedGan.Dicom.Files;

/// <summary>
/// Reads PNG images (ISO/IEC 15948) of every colour type and depth, interlaced or not, as grey: colours become luma, transparent pixels are laid over black.
/// Gamma and colour profiles are not applied: the values are the measurement.
/// </summary>
public static class PngReader
{
    // No deflate stream grows by more than this: a shorter one cannot hold the picture, and nothing is allocated for it.
    private const long MaxInflation = 1032;

    /// <summary>The eight bytes that every PNG file begins with.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The picture in <paramref name="file"/>.</summary>
    /// <exception cref="ImageFileException">It is not a whole PNG image, or larger than is read.</exception>
    public static GrayRaster Read(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(Signature))
            throw new ImageFileException("This is not a PNG file.");
        PngLayout? layout = null;
        using var data = new MemoryStream();
        for (var rest = file[Signature.Length..]; ;)
        {
            var (type, body) = NextChunk(ref rest);
            switch (type)
            {
                case "IHDR" when layout is null: layout = PngLayout.Of(body); break;
                case var _ when layout is null: throw new ImageFileException("The PNG file does not begin with its header.");
                case "PLTE": layout.Palette = Palette(body); break;
                case "tRNS": layout.Transparency = body.ToArray(); break;
                case "sBIT": layout.SignificantBits = layout.ColorType == PngLayout.Indexed || body.Length == 0 ? 0 : body[0]; break;
                case "IDAT": data.Write(body); break;
                case "IEND": return Decode(layout, data);
                case var _ when char.IsAsciiLetterUpper(type[0]): throw new ImageFileException($"The PNG file holds a critical chunk {type} that is not known.");
            }
        }
    }

    private static (string Type, byte[] Body) NextChunk(ref ReadOnlySpan<byte> rest)
    {
        if (rest.Length < 12 || BinaryPrimitives.ReadUInt32BigEndian(rest) > rest.Length - 12)
            throw new ImageFileException("The PNG file ends too early.");
        var length = (int)BinaryPrimitives.ReadUInt32BigEndian(rest);
        var typeAndBody = rest.Slice(4, 4 + length);
        if (~PngFile.Crc(typeAndBody, 0xFFFFFFFF) != BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + length)..]))
            throw new ImageFileException("A check sum in the PNG file is wrong: the file is damaged.");
        rest = rest[(12 + length)..];
        return (System.Text.Encoding.Latin1.GetString(typeAndBody[..4]), typeAndBody[4..].ToArray());
    }

    private static byte[] Palette(byte[] body) =>
        body.Length is > 0 and <= 768 && body.Length % 3 == 0 ? body : throw new ImageFileException("The palette of the PNG file has an impossible length.");

    private static GrayRaster Decode(PngLayout layout, MemoryStream data)
    {
        if (layout.ColorType == PngLayout.Indexed && layout.Palette is null)
            throw new ImageFileException("The PNG file lacks its palette.");
        var passes = layout.Passes().ToList();
        if (passes.Sum(pass => (long)pass.Height * (1 + layout.RowBytes(pass.Width))) > (data.Length + 1) * MaxInflation)
            throw new ImageFileException("The data of the PNG file is too short for its size.");
        var values = new float[layout.Width * layout.Height];
        data.Position = 0;
        try
        {
            using var pixels = new ZLibStream(data, CompressionMode.Decompress);
            foreach (var pass in passes)
                DecodePass(layout, pass, pixels, values);
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException)
        {
            throw new ImageFileException("The data of the PNG file is damaged or cut off.", e);
        }
        return layout.ToRaster(values);
    }

    private static void DecodePass(PngLayout layout, PngPass pass, Stream pixels, float[] values)
    {
        var bytes = layout.RowBytes(pass.Width);
        byte[] row = new byte[bytes], above = new byte[bytes];
        for (var y = 0; y < pass.Height; y++)
        {
            var filter = pixels.ReadByte();
            pixels.ReadExactly(row);
            Unfilter(filter, row, above, layout.FilterDistance);
            var line = (pass.FirstRow + y * pass.RowStep) * layout.Width + pass.FirstColumn;
            for (var x = 0; x < pass.Width; x++)
                values[line + x * pass.ColumnStep] = layout.Gray(row, x);
            (row, above) = (above, row);
        }
    }

    // 9.2: each byte was stored as its difference from a prediction by the pixel to the left (a), above (b) and above left (c).
    private static void Unfilter(int filter, byte[] row, byte[] above, int distance)
    {
        for (var i = 0; i < row.Length; i++)
        {
            var a = i >= distance ? row[i - distance] : 0;
            row[i] += (byte)(filter switch
            {
                0 => 0,
                1 => a,
                2 => above[i],
                3 => (a + above[i]) / 2,
                4 => Paeth(a, above[i], i >= distance ? above[i - distance] : 0),
                _ => throw new ImageFileException("A row of the PNG file has an unknown filter: the file is damaged."),
            });
        }
    }

    private static int Paeth(int a, int b, int c)
    {
        int toA = Math.Abs(b - c), toB = Math.Abs(a - c), toC = Math.Abs(a + b - 2 * c);
        return toA <= toB && toA <= toC ? a : toB <= toC ? b : c;
    }
}
