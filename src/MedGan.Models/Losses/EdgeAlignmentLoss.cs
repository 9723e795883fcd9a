using static TorchSharp.torch;

namespace MedGan.Models.Losses;

/// <summary>
/// Normalised gradient fields (Haber and Modersitzki, MICCAI 2006, equation 4), so that a translation keeps its source's edges whatever
/// their contrast: 1 - E[w cos^2(angle between the gradients)] / E[w], over the pixels of an image, with cos^2 = (grad x . grad y)^2 / ((|grad x|^2 + eps^2)(|grad y|^2 + eps^2))
/// and w = |grad x|, the source's edge strength, held constant. The mean over images.
/// Blind to the gradients' sign: bone may be bright in one and dark in the other.
/// </summary>
public static class EdgeAlignmentLoss
{
    private const double NoiseSquared = 0.05 * 0.05;

    /// <param name="source">x, [N,1,H,W], no gradient flows into it.</param>
    /// <param name="translation">G(x), [N,1,H,W].</param>
    /// <returns>A scalar in [0, 1]; 0 = every edge of the source is one of the translation.</returns>
    public static Tensor Of(Tensor source, Tensor translation)
    {
        var (x1, x2) = Gradient(source);
        var (y1, y2) = Gradient(translation);
        var sourceSquared = x1.square() + x2.square();
        var aligned = (x1 * y1 + x2 * y2).square() / ((sourceSquared + NoiseSquared) * (y1.square() + y2.square() + NoiseSquared));
        var weight = sourceSquared.sqrt();
        return 1 - (OfImage(weight * aligned) / (OfImage(weight) + 1e-6)).mean();
    }

    // [N,1,H,W] -> [N]
    private static Tensor OfImage(Tensor values) => values.flatten(1).sum(1);

    // central differences: [N,1,H,W] -> twice [N,1,H-2,W-2]
    private static (Tensor Along, Tensor Down) Gradient(Tensor image)
    {
        var (height, width) = (image.shape[2], image.shape[3]);
        var rows = image.narrow(2, 1, height - 2);
        var columns = image.narrow(3, 1, width - 2);
        return (rows.narrow(3, 2, width - 2) - rows.narrow(3, 0, width - 2), columns.narrow(2, 2, height - 2) - columns.narrow(2, 0, height - 2));
    }
}
