namespace MedGan.Dicom.Files.Jpeg;

/// <summary>One colour component of a frame: its coefficients, and from them its samples.</summary>
internal sealed class JpegComponent
{
    public required byte Id { get; init; }

    /// <summary>Blocks of an interleaved unit, across and down.</summary>
    public required int Across { get; init; }
    public required int Down { get; init; }
    public required byte QuantizationTable { get; init; }

    /// <summary>Blocks that hold samples of the picture.</summary>
    public int BlocksWide { get; private set; }
    public int BlocksHigh { get; private set; }

    /// <summary>Blocks that are stored: whole interleaved units.</summary>
    public int StoredWide { get; private set; }
    public int StoredHigh { get; private set; }

    /// <summary>64 coefficients for each stored block, in zigzag order.</summary>
    public short[] Coefficients { get; private set; } = [];

    /// <summary>The table in force when the component's first scan began (T.81 B.2.4.1).</summary>
    public ushort[]? Steps { get; set; }

    /// <summary>The last DC value (T.81 F.1.1.5.1).</summary>
    public int Predictor { get; set; }

    public HuffmanCode? Dc { get; set; }
    public HuffmanCode? Ac { get; set; }

    public void Lay(int width, int height, int mostAcross, int mostDown)
    {
        (BlocksWide, BlocksHigh) = (Ceiling(Ceiling(width * Across, mostAcross), 8), Ceiling(Ceiling(height * Down, mostDown), 8));
        (StoredWide, StoredHigh) = (Ceiling(width, 8 * mostAcross) * Across, Ceiling(height, 8 * mostDown) * Down);
    }

    public void Allocate() => Coefficients = new short[64 * StoredWide * StoredHigh];

    public Span<short> Block(int row, int column) => Coefficients.AsSpan(64 * (row * StoredWide + column), 64);

    /// <summary>The samples, 0 .. 255, [row, column] of a picture of this size.</summary>
    public byte[] Samples(int width, int height)
    {
        if (Steps is null)
            throw new ImageFileException("The JPEG file lacks the data of a component.");
        var samples = new byte[width * height];
        Span<byte> block = stackalloc byte[64];
        for (var row = 0; row < Ceiling(height, 8); row++)
            for (var column = 0; column < Ceiling(width, 8); column++)
            {
                InverseCosine.Apply(Block(row, column), Steps, block);
                var wide = Math.Min(8, width - 8 * column);
                for (var y = 0; y < Math.Min(8, height - 8 * row); y++)
                    block.Slice(8 * y, wide).CopyTo(samples.AsSpan((8 * row + y) * width + 8 * column));
            }
        return samples;
    }

    private static int Ceiling(int a, int b) => (a + b - 1) / b;
}
