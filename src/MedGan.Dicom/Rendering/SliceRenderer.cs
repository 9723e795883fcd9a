using MedGan.Dicom.Volumes;

namespace MedGan.Dicom.Rendering;

/// <summary>Pictures of a volume's slices with square pixels.</summary>
public static class SliceRenderer
{
    /// <summary>Slice <paramref name="k"/> in its modality's usual window, or in <paramref name="window"/>.</summary>
    public static GrayImage Render(Volume v, int k, Window? window = null)
    {
        var g = v.Geometry;
        var w = window ?? Window.For(v.Modality);
        var slice = v.Slice(k);
        var pixels = new byte[slice.Length];
        for (var i = 0; i < slice.Length; i++)
            pixels[i] = w.Apply(slice[i]);
        return SquarePixels(new GrayImage(g.Columns, g.Rows, pixels), g.ColumnSpacingMm, g.RowSpacingMm);
    }

    /// <summary>Stretches the coarser direction so that a pixel is as wide as high.</summary>
    internal static GrayImage SquarePixels(GrayImage image, double columnSpacing, double rowSpacing)
    {
        var ratio = rowSpacing / columnSpacing;
        if (!double.IsFinite(ratio) || ratio is < 0.05 or > 20)
            return image;
        return ratio >= 1
            ? image.Resize(image.Width, (int)Math.Round(image.Height * ratio))
            : image.Resize((int)Math.Round(image.Width / ratio), image.Height);
    }
}
