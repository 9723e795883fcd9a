using MedGan.Dicom.Volumes;

namespace MedGan.Jobs.Images.Folders;

/// <summary>How the square images of a series lie on the pixels of the files that they come from, so that generated ones can be laid back.</summary>
public abstract record ImagePlacement
{
    /// <summary>A square image, of any size, on the source's pixels - each of them divided where the square has clearly more pixels, as super-resolution makes.</summary>
    /// <param name="square">size x size values in the image's own unit.</param>
    /// <param name="size">Pixels per side.</param>
    /// <param name="outside">The value where the square does not reach.</param>
    public abstract PlacedImage Restore(float[] square, int size, float outside);
}

/// <summary>Values [row, column] on a series' pixels, each of them divided into <paramref name="Enlargement"/> across and down.</summary>
public sealed record PlacedImage(int Columns, int Rows, int Enlargement, float[] Values);

/// <summary>The pixels of a picture without a place in a patient.</summary>
/// <param name="Width">Columns of the picture.</param>
/// <param name="Height">Its rows.</param>
public sealed record PicturePlacement(int Width, int Height) : ImagePlacement
{
    /// <inheritdoc/>
    public override PlacedImage Restore(float[] square, int size, float outside)
    {
        var enlargement = Math.Max(1, (int)Math.Round((double)size / Math.Max(Width, Height)));
        var grid = new SquareGrid(Width * enlargement, Height * enlargement, size);
        return new PlacedImage(grid.Width, grid.Height, enlargement, grid.ToPicture(square, outside));
    }
}

/// <summary>The slices of a volume, seen through the models' field of view.</summary>
/// <param name="Modality">What the volume measures.</param>
/// <param name="Geometry">Where its voxels lie.</param>
/// <param name="Grid">Where the square images lie on them.</param>
public sealed record VolumePlacement(Modality Modality, VolumeGeometry Geometry, InPlaneGrid Grid) : ImagePlacement
{
    /// <inheritdoc/>
    public override PlacedImage Restore(float[] square, int size, float outside)
    {
        var spacing = Math.Min(Geometry.ColumnSpacingMm, Geometry.RowSpacingMm);
        var enlargement = Math.Max(1, (int)Math.Round(spacing * size / InPlaneGrid.FieldOfViewMm));
        var (columns, rows) = (Geometry.Columns * enlargement, Geometry.Rows * enlargement);
        var values = new float[columns * rows];
        Grid.Resized(size, enlargement).Restore(square, values, outside);
        return new PlacedImage(columns, rows, enlargement, values);
    }
}
