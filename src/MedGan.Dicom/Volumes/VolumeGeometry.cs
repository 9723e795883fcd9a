namespace MedGan.Dicom.Volumes;

/// <summary>Where the voxels of a volume lie in the patient (PS3.3 C.7.6.2, Image Plane Module). The grid is rectangular: all three directions are perpendicular.</summary>
/// <param name="Columns">Voxels along <paramref name="RowDirection"/>.</param>
/// <param name="Rows">Voxels along <paramref name="ColumnDirection"/>.</param>
/// <param name="Slices">Voxels along <paramref name="SliceDirection"/>.</param>
/// <param name="OriginMm">Centre of voxel (0,0,0).</param>
/// <param name="RowDirection">Unit vector in which the column index grows: Image Orientation (Patient), values 1-3.</param>
/// <param name="ColumnDirection">Unit vector in which the row index grows: Image Orientation (Patient), values 4-6.</param>
/// <param name="SliceDirection">Unit vector in which the slice index grows.</param>
/// <param name="ColumnSpacingMm">Distance of neighbouring columns: Pixel Spacing, value 2.</param>
/// <param name="RowSpacingMm">Distance of neighbouring rows: Pixel Spacing, value 1.</param>
/// <param name="SliceSpacingMm">Distance of neighbouring slices.</param>
public sealed record VolumeGeometry(
    int Columns, int Rows, int Slices, Vector3d OriginMm,
    Vector3d RowDirection, Vector3d ColumnDirection, Vector3d SliceDirection,
    double ColumnSpacingMm, double RowSpacingMm, double SliceSpacingMm)
{
    /// <summary>Voxels of one slice.</summary>
    public int SliceLength => Columns * Rows;

    /// <summary>Voxels of the volume.</summary>
    public int Length => checked(Columns * Rows * Slices);

    /// <summary>True where the slices' normal is within 30 degrees of the patient's long axis.</summary>
    public bool IsAxial => Math.Abs(SliceDirection.Z) >= Math.Cos(Math.PI / 6);

    /// <summary>The point in patient coordinates, in mm, of a (fractional) voxel index.</summary>
    public Vector3d PositionMm(double column, double row, double slice) =>
        OriginMm + RowDirection * (column * ColumnSpacingMm) + ColumnDirection * (row * RowSpacingMm) + SliceDirection * (slice * SliceSpacingMm);

    /// <summary>True where voxel lies on voxel: as many of them, and no corner further from its counterpart than a tenth of the smallest spacing.</summary>
    public bool LiesOn(VolumeGeometry other)
    {
        if ((Columns, Rows, Slices) != (other.Columns, other.Rows, other.Slices)) return false;
        var tolerance = 0.1 * Math.Min(SliceSpacingMm, Math.Min(ColumnSpacingMm, RowSpacingMm));
        return new[] { (0, 0, 0), (Columns - 1, 0, 0), (0, Rows - 1, 0), (0, 0, Slices - 1) }.All(corner =>
            (PositionMm(corner.Item1, corner.Item2, corner.Item3) - other.PositionMm(corner.Item1, corner.Item2, corner.Item3)).Length <= tolerance);
    }

    /// <summary>The same place with every voxel divided into <paramref name="factor"/> along rows and columns.</summary>
    public VolumeGeometry EnlargedInPlane(int factor) => this with
    {
        Columns = Columns * factor,
        Rows = Rows * factor,
        OriginMm = PositionMm(0.5 / factor - 0.5, 0.5 / factor - 0.5, 0),
        ColumnSpacingMm = ColumnSpacingMm / factor,
        RowSpacingMm = RowSpacingMm / factor,
    };

    /// <summary>The same place with every slice divided into <paramref name="factor"/> thinner ones.</summary>
    public VolumeGeometry EnlargedThroughPlane(int factor) => this with
    {
        Slices = Slices * factor,
        OriginMm = PositionMm(0, 0, 0.5 / factor - 0.5),
        SliceSpacingMm = SliceSpacingMm / factor,
    };
}
