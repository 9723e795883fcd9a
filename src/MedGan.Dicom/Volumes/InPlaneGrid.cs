namespace MedGan.Dicom.Volumes;

/// <summary>
/// The square field of view in which models see slices: <see cref="FieldOfViewMm"/> wide, centred on the body, columns
/// to the patient's left and rows to the back (as far as the slice's own axes allow) - the same for CT and MR, so that
/// anatomy has one scale and one orientation.
/// </summary>
public sealed class InPlaneGrid
{
    /// <summary>Width and height of the field of view, in mm.</summary>
    public const double FieldOfViewMm = 256;

    private readonly AxisWeights _toGridRows, _toGridColumns, _toSliceRows, _toSliceColumns;
    private readonly VolumeGeometry _geometry;
    private readonly double _centreColumn, _centreRow;

    private InPlaneGrid(VolumeGeometry g, int size, double centreColumn, double centreRow)
    {
        (_geometry, Size, PixelMm) = (g, size, FieldOfViewMm / size);
        (_centreColumn, _centreRow) = (centreColumn, centreRow);
        (_toGridColumns, _toSliceColumns) = Axis(g.Columns, centreColumn, PixelMm / g.ColumnSpacingMm * Sign(g.RowDirection.X));
        (_toGridRows, _toSliceRows) = Axis(g.Rows, centreRow, PixelMm / g.RowSpacingMm * Sign(g.ColumnDirection.Y));

        (AxisWeights, AxisWeights) Axis(int count, double centre, double step)
        {
            var start = centre - (size - 1) / 2.0 * step;
            return (AxisWeights.Create(size, start, step, count, cubic: false),
                    AxisWeights.Create(count, -start / step, 1 / step, size, cubic: true));
        }
    }

    /// <summary>Pixels along each side.</summary>
    public int Size { get; }

    /// <summary>Width of a pixel, in mm.</summary>
    public double PixelMm { get; }

    /// <summary>The grid of a volume; its centre is the middle of the body in all of the slices.</summary>
    /// <param name="v">The volume.</param>
    /// <param name="size">Pixels along each side, at least 8.</param>
    public static InPlaneGrid For(Volume v, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 8);
        var g = v.Geometry;
        var mask = BodyMask.Of(v);
        double columns = 0, rows = 0, count = 0;
        for (var i = 0; i < mask.Length; i++)
        {
            if (!mask[i])
                continue;
            columns += i % g.Columns;
            rows += i / g.Columns % g.Rows;
            count++;
        }
        return count == 0
            ? new InPlaneGrid(g, size, (g.Columns - 1) / 2.0, (g.Rows - 1) / 2.0)
            : new InPlaneGrid(g, size, columns / count, rows / count);
    }

    /// <summary>The same field of view with another number of pixels, over slices whose voxels are divided into <paramref name="enlargement"/> in each direction of the plane.</summary>
    public InPlaneGrid Resized(int size, int enlargement) => new(
        _geometry.EnlargedInPlane(enlargement), size, (_centreColumn + 0.5) * enlargement - 0.5, (_centreRow + 0.5) * enlargement - 0.5);

    /// <summary>Slice <paramref name="k"/> on the grid, [row, column]: averaged over area where the grid is the coarser, linear where it is the finer.</summary>
    public float[] Sample(Volume v, int k, float outside)
    {
        if (v.Geometry.Columns != _geometry.Columns || v.Geometry.Rows != _geometry.Rows)
            throw new ArgumentException("This grid belongs to a volume of another matrix.", nameof(v));
        var result = new float[Size * Size];
        AxisWeights.Apply(v.Slice(k), _geometry.Columns, _toGridRows, _toGridColumns, result, outside);
        return result;
    }

    /// <summary>Back to the volume's own matrix, cubic; what the grid does not reach becomes <paramref name="outside"/>.</summary>
    public void Restore(ReadOnlySpan<float> grid, Span<float> slice, float outside)
    {
        if (grid.Length != Size * Size || slice.Length != _geometry.SliceLength)
            throw new ArgumentException($"Expected {Size * Size} values of the grid and {_geometry.SliceLength} of the slice.");
        AxisWeights.Apply(grid, Size, _toSliceRows, _toSliceColumns, slice, outside);
    }

    private static double Sign(double component) => component < -0.5 ? -1 : 1;
}
