namespace MedGan.Dicom.Volumes;

/// <summary>
/// The square in which models see a picture without a place in a patient: its longer side fills the square, its aspect is kept, and what it does not reach is
/// outside. Where picture and square have pixels of one size, every pixel keeps its value.
/// </summary>
public sealed class SquareGrid
{
    private readonly AxisWeights toSquareColumns, toSquareRows, toPictureColumns, toPictureRows;

    /// <param name="width">Columns of the picture.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="size">Pixels along each side of the square.</param>
    public SquareGrid(int width, int height, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        (Width, Height, Size) = (width, height, size);
        var step = (double)Math.Max(width, height) / size;
        (toSquareColumns, toPictureColumns) = Axis(width, step, size);
        (toSquareRows, toPictureRows) = Axis(height, step, size);
    }

    /// <summary>Columns of the picture.</summary>
    public int Width { get; }

    /// <summary>Rows of the picture.</summary>
    public int Height { get; }

    /// <summary>Pixels along each side of the square.</summary>
    public int Size { get; }

    /// <summary>The picture in the square, [row, column]: averaged over area where the square is the coarser, linear where it is the finer.</summary>
    public float[] ToSquare(ReadOnlySpan<float> picture, float outside)
    {
        Require(picture.Length, Width * Height);
        var square = new float[Size * Size];
        AxisWeights.Apply(picture, Width, toSquareRows, toSquareColumns, square, outside);
        return square;
    }

    /// <summary>Back from the square to the picture's own pixels, cubic.</summary>
    public float[] ToPicture(ReadOnlySpan<float> square, float outside)
    {
        Require(square.Length, Size * Size);
        var picture = new float[Width * Height];
        AxisWeights.Apply(square, Size, toPictureRows, toPictureColumns, picture, outside);
        return picture;
    }

    // The picture begins at a whole pixel of the square, else pixels of one size would be blurred into each other.
    private static (AxisWeights ToSquare, AxisWeights ToPicture) Axis(int count, double step, int size)
    {
        var margin = Math.Floor((size - count / step) / 2);
        var start = (step - 1) / 2 - margin * step;
        return (AxisWeights.Create(size, start, step, count, cubic: false), AxisWeights.Create(count, -start / step, 1 / step, size, cubic: true));
    }

    private static void Require(int length, int expected)
    {
        if (length != expected)
            throw new ArgumentException($"Expected {expected} values, not {length}.");
    }
}
