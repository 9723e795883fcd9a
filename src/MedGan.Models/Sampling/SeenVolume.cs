using MedGan.Models.Networks.SuperResolution;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Sampling;

/// <summary>
/// A volume whose voxels are of another width than a network learnt on: the network sees it with other rows and columns, and what it adds to bicubic interpolation along the slices is laid on the
/// interpolation of the volume's own. Nothing of the volume's sharpness in the plane is lost.
/// </summary>
internal static class SeenVolume
{
    /// <param name="voxels">[slice, row, column].</param>
    /// <param name="slices">Slices.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="seenRows">Rows that the network sees.</param>
    /// <param name="seenColumns">Columns that the network sees.</param>
    /// <param name="times">Of the slices.</param>
    /// <param name="thin">From a volume, its rows and its columns to one with more slices.</param>
    public static float[] Thin(float[] voxels, int slices, int rows, int columns, int seenRows, int seenColumns, Magnification times, Func<float[], int, int, float[]> thin)
    {
        if ((seenRows, seenColumns) == (rows, columns)) return thin(voxels, rows, columns);
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var fine = slices * times.Rows;
        Tensor InPlane(Tensor volume, int height, int width) => nn.functional.interpolate(volume, size: [height, width], mode: InterpolationMode.Bilinear, align_corners: false, antialias: true);
        Tensor AlongSlices(Tensor volume) => BicubicUpsampling.Of(volume.reshape(1, 1, slices, -1), times);
        var own = tensor(voxels, [slices, 1, rows, columns]);
        var seen = InPlane(own, seenRows, seenColumns);
        var made = thin(seen.contiguous().data<float>().ToArray(), seenRows, seenColumns);
        var detail = tensor(made, [fine, 1, seenRows, seenColumns]) - AlongSlices(seen).reshape(fine, 1, seenRows, seenColumns);
        return (AlongSlices(own).reshape(fine, 1, rows, columns) + InPlane(detail, rows, columns)).contiguous().data<float>().ToArray();
    }
}
