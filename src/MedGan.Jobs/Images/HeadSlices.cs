using MedGan.Dicom.Volumes;

namespace MedGan.Jobs.Images;

/// <summary>One slice of a head as the model sees it.</summary>
/// <param name="Index">The slice's index in its volume.</param>
/// <param name="Pixels">Size x size, row by row, in [-1, 1]; air outside the head.</param>
/// <param name="Head">Size x size; true inside the head.</param>
public sealed record HeadSlice(int Index, float[] Pixels, bool[] Head);

/// <summary>
/// The one way from a volume to the model's images, the same for training, generation and the privacy gate:
/// what is outside the head (table, head-holder, noise) becomes air, and each slice is sampled on the common square grid.
/// </summary>
public sealed class HeadSlices
{
    /// <summary>Slices whose head covers less than this part of the field of view hold nothing to learn from.</summary>
    public const double MinimumHeadFraction = 0.02;

    private readonly Volume volume;
    private readonly bool[] body;

    /// <summary>Finds the head in the volume, which is not changed.</summary>
    public HeadSlices(Volume volume, int size) : this(volume, InPlaneGrid.For(volume, size))
    {
    }

    /// <summary>The same on a grid that is given: that of another volume on the same voxels, so that the images of both lie on each other.</summary>
    public HeadSlices(Volume volume, InPlaneGrid grid)
    {
        this.volume = volume;
        Size = grid.Size;
        Grid = grid;
        body = BodyMask.Of(volume);
        Outside = Intensity.OutsideValue(volume.Modality);
    }

    /// <summary>Rows and columns of every image.</summary>
    public int Size { get; }

    /// <summary>The grid that the images lie on.</summary>
    public InPlaneGrid Grid { get; }

    /// <summary>Air, in the volume's unit.</summary>
    public float Outside { get; }

    /// <summary>The slices with enough head, in the volume's order.</summary>
    public IEnumerable<HeadSlice> All() => Of(Enumerable.Range(0, volume.Geometry.Slices).Where(k => HeadFraction(k) >= MinimumHeadFraction));

    /// <summary>A slice with its neighbours on both sides, one image after the other; past the first and the last, these again.</summary>
    /// <param name="slices">Of one volume, in its order.</param>
    /// <param name="at">Which of them is in the middle.</param>
    /// <param name="radius">Neighbours on each side.</param>
    public static float[] Stack(IReadOnlyList<HeadSlice> slices, int at, int radius) => radius == 0 ? slices[at].Pixels
        : [.. Enumerable.Range(at - radius, 2 * radius + 1).SelectMany(n => slices[Math.Clamp(n, 0, slices.Count - 1)].Pixels)];

    /// <summary>The slices named.</summary>
    public IEnumerable<HeadSlice> Of(IEnumerable<int> slices)
    {
        var (cleaned, mask) = (Cleaned(), MaskVolume());
        foreach (var k in slices)
        {
            var pixels = Grid.Sample(cleaned, k, Outside);
            Intensity.ToModel(volume.Modality, pixels);
            yield return new HeadSlice(k, pixels, Array.ConvertAll(Grid.Sample(mask, k, 0), share => share > 0.5f));
        }
    }

    private double HeadFraction(int slice)
    {
        var area = volume.Geometry.Rows * volume.Geometry.Columns;
        var inside = body.AsSpan(slice * area, area).Count(true);
        var squareMm = inside * volume.Geometry.RowSpacingMm * volume.Geometry.ColumnSpacingMm;
        return squareMm / (InPlaneGrid.FieldOfViewMm * InPlaneGrid.FieldOfViewMm);
    }

    private Volume Cleaned()
    {
        var voxels = (float[])volume.Voxels.Clone();
        for (var i = 0; i < voxels.Length; i++)
            if (!body[i]) voxels[i] = Outside;
        return new Volume(volume.Modality, volume.Geometry, voxels);
    }

    private Volume MaskVolume() =>
        new(volume.Modality, volume.Geometry, Array.ConvertAll(body, inside => inside ? 1f : 0f));
}
