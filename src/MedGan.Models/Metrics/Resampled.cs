using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Metrics;

/// <summary>Images at another size: bilinear, with a wider kernel where that makes them smaller, so that fine structure is averaged and not skipped.</summary>
internal static class Resampled
{
    /// <returns>[1,1,size,size].</returns>
    public static Tensor To(GreyImage image, int size)
    {
        image.Check();
        using var scope = NewDisposeScope();
        var original = tensor(image.Pixels, [1, 1, image.Height, image.Width]);
        if (image.Height == size && image.Width == size) return original.MoveToOuterDisposeScope();
        return nn.functional.interpolate(original, size: [size, size], mode: InterpolationMode.Bilinear, align_corners: false, antialias: true).MoveToOuterDisposeScope();
    }
}
