using System.Buffers.Binary;

namespace MedGan.Dicom.Files;

/// <summary>One of the sub-pictures that an interlaced image is sent in (8.2); the only one of an image that is not.</summary>
internal readonly record struct PngPass(int FirstRow, int FirstColumn, int RowStep, int ColumnStep, int Width, int Height);

/// <summary>How the bytes of a PNG image's rows become grey values.</summary>
internal sealed class PngLayout
{
    public const int Grey = 0, Rgb = 2, Indexed = 3, GrayAlpha = 4, Rgba = 6;

    public required int Width { get; init; }
    public required int Height { get; init; }
    public required int BitDepth { get; init; }
    public required int ColorType { get; init; }
    public required bool Interlaced { get; init; }

    public byte[]? Palette { get; set; }
    public byte[]? Transparency { get; set; }

    /// <summary>sBIT of the first channel; 0 where the file does not say.</summary>
    public int SignificantBits { get; set; }

    private int Channels => ColorType switch { Rgb => 3, GrayAlpha => 2, Rgba => 4, _ => 1 };

    /// <summary>Bytes from a byte to the one that predicts it.</summary>
    public int FilterDistance => Math.Max(1, Channels * BitDepth / 8);

    public static PngLayout Of(ReadOnlySpan<byte> header)
    {
        if (header.Length != 13)
            throw new ImageFileException("The header of the PNG file has a wrong length.");
        long width = BinaryPrimitives.ReadUInt32BigEndian(header), height = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        GrayRaster.RequireSize(width, height);
        int depth = header[8], color = header[9];
        var possible = color switch
        {
            Grey => depth is 1 or 2 or 4 or 8 or 16,
            Indexed => depth is 1 or 2 or 4 or 8,
            Rgb or GrayAlpha or Rgba => depth is 8 or 16,
            _ => false,
        };
        if (!possible || header[10] != 0 || header[11] != 0 || header[12] > 1)
            throw new ImageFileException($"The PNG file has an impossible header (depth {depth}, colour type {color}).");
        return new PngLayout { Width = (int)width, Height = (int)height, BitDepth = depth, ColorType = color, Interlaced = header[12] == 1 };
    }

    public int RowBytes(int width) => (width * Channels * BitDepth + 7) / 8;

    public IEnumerable<PngPass> Passes()
    {
        PngPass[] all = Interlaced
            ? [Pass(0, 0, 8, 8), Pass(0, 4, 8, 8), Pass(4, 0, 8, 4), Pass(0, 2, 4, 4), Pass(2, 0, 4, 2), Pass(0, 1, 2, 2), Pass(1, 0, 2, 1)]
            : [Pass(0, 0, 1, 1)];
        return all.Where(pass => pass is { Width: > 0, Height: > 0 });
    }

    private PngPass Pass(int row, int column, int rowStep, int columnStep) =>
        new(row, column, rowStep, columnStep, (Width - column + columnStep - 1) / columnStep, (Height - row + rowStep - 1) / rowStep);

    /// <summary>Pixel <paramref name="x"/> of a row whose filter is undone: in [0, 2^depth - 1], or [0, 255] with a palette.</summary>
    public float Gray(byte[] row, int x)
    {
        if (ColorType == Indexed)
            return PaletteGray(Sample(row, x));
        var first = x * Channels;
        if (ColorType is Grey or GrayAlpha)
        {
            var gray = Sample(row, first);
            return ColorType == GrayAlpha ? gray * (float)Sample(row, first + 1) / Max : IsKey(0, gray) ? 0 : gray;
        }
        int red = Sample(row, first), green = Sample(row, first + 1), blue = Sample(row, first + 2);
        var luma = GrayRaster.Luma(red, green, blue);
        return ColorType == Rgba ? luma * Sample(row, first + 3) / Max : IsKey(0, red) && IsKey(1, green) && IsKey(2, blue) ? 0 : luma;
    }

    public GrayRaster ToRaster(float[] values)
    {
        var white = ColorType == Indexed ? 255 : Max;
        // 11.3.2.4: samples were scaled up to the full depth by their writer; where the high bits are empty, they were not.
        if (BitDepth != 16 || SignificantBits == 16)
            return new GrayRaster(Width, Height, white, true, values);
        if (SignificantBits is > 0 and < 16 && values.Max() < 1 << SignificantBits)
            return new GrayRaster(Width, Height, (1 << SignificantBits) - 1, true, values);
        return new GrayRaster(Width, Height, white, SignificantBits != 0, values);
    }

    private int Max => (1 << BitDepth) - 1;

    private float PaletteGray(int index)
    {
        if (3 * index + 2 >= Palette!.Length)
            throw new ImageFileException("A pixel of the PNG file names a colour that its palette has not.");
        var luma = GrayRaster.Luma(Palette[3 * index], Palette[3 * index + 1], Palette[3 * index + 2]);
        return Transparency is { } alpha && index < alpha.Length ? luma * alpha[index] / 255 : luma;
    }

    private int Sample(byte[] row, int i) => BitDepth switch
    {
        16 => BinaryPrimitives.ReadUInt16BigEndian(row.AsSpan(2 * i)),
        8 => row[i],
        _ => (row[i * BitDepth / 8] >> (8 - BitDepth - i * BitDepth % 8)) & Max,
    };

    // tRNS of grey and colour images: the one value that is transparent.
    private bool IsKey(int channel, int sample) =>
        Transparency is { } key && key.Length >= 2 * channel + 2 && BinaryPrimitives.ReadUInt16BigEndian(key.AsSpan(2 * channel)) == sample;
}
