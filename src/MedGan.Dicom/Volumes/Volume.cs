namespace MedGan.Dicom.Volumes;

/// <summary>
/// A decoded series: voxels as [slice, row, column] on a rectangular grid. CT in HU; MR normalised so that 1.0 is the
/// 99.5th percentile of the foreground, which the scanner had written as <see cref="MrUnit"/>.
/// </summary>
public sealed class Volume
{
    /// <param name="modality">What the voxels mean.</param>
    /// <param name="geometry">Where they lie.</param>
    /// <param name="voxels">Row-major [slice, row, column]; kept, not copied.</param>
    /// <param name="mrUnit">MR: the scanner's value of 1.0; greater than zero.</param>
    /// <param name="seriesDescription">What the series is, where known; never taken into anything published.</param>
    /// <exception cref="ArgumentException">The number of voxels is not that of the geometry, or the unit is not positive.</exception>
    public Volume(Modality modality, VolumeGeometry geometry, float[] voxels, double mrUnit = 1, string? seriesDescription = null)
    {
        if (voxels.Length != geometry.Length)
            throw new ArgumentException($"The geometry has {geometry.Length} voxels, the array {voxels.Length}.", nameof(voxels));
        if (!(mrUnit > 0) || !double.IsFinite(mrUnit))
            throw new ArgumentException("The MR unit must be a positive number.", nameof(mrUnit));
        (Modality, Geometry, Voxels, MrUnit, SeriesDescription) = (modality, geometry, voxels, mrUnit, seriesDescription);
    }

    /// <summary>What the voxels mean.</summary>
    public Modality Modality { get; }

    /// <summary>Where the voxels lie.</summary>
    public VolumeGeometry Geometry { get; }

    /// <summary>Row-major [slice, row, column].</summary>
    public float[] Voxels { get; }

    /// <summary>MR: the scanner's value of 1.0. CT: 1.</summary>
    public double MrUnit { get; }

    /// <summary>What the series is, where known.</summary>
    public string? SeriesDescription { get; }

    /// <summary>The voxels of slice <paramref name="k"/>, row-major [row, column].</summary>
    public Span<float> Slice(int k) => Voxels.AsSpan(k * Geometry.SliceLength, Geometry.SliceLength);
}
