using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Losses;

/// <summary>
/// Mutual information (Viola and Wells, IJCV 1997, equation 8: I = H(x) + H(y) - H(x, y)) of an image and its translation, so that a value of the source is one of the translation, whichever: the loss is
/// 1 - I / H(x), H(x) being constant. The joint density is a Parzen estimate with cubic B-splines as windows (Mattes et al., IEEE TMI 2003, equation 8; for both images, as Thevenaz and
/// Unser, IEEE TIP 2000, equation 21), which has a gradient. The mean over images.
/// </summary>
public static class MutualInformationLoss
{
    private const double Tiny = 1e-10;

    /// <param name="source">x, [N,1,H,W] in [-1, 1]; no gradient flows into it.</param>
    /// <param name="translation">y, [N,1,H,W] in [-1, 1].</param>
    /// <param name="bins">B, of each axis of the joint histogram, at least 5.</param>
    /// <returns>A scalar in [0, 1]: 1 = independent of each other, or a source without contrast.</returns>
    public static Tensor Of(Tensor source, Tensor translation, int bins)
    {
        var (x, y) = (Windows(source.detach(), bins), Windows(translation, bins)); // [N,HW,B]
        var joint = x.transpose(1, 2).bmm(y) / x.shape[1];                         // [N,B,B], each with sum 1
        var (ofX, ofY, ofBoth) = (Entropy(joint.sum(2)), Entropy(joint.sum(1)), Entropy(joint.flatten(1)));
        return 1 - ((ofX + ofY - ofBoth) / (ofX + 1e-6)).mean();
    }

    // [N,K] -> [N], nats
    private static Tensor Entropy(Tensor density) => -(density * (density + Tiny).log()).sum(1);

    // each pixel's share in each bin: [N,1,H,W] -> [N,HW,B], sums of 1; -1 and 1 lie one bin from the ends, so that no window reaches beyond
    private static Tensor Windows(Tensor image, int bins)
    {
        var place = (image.flatten(1).clamp(-1, 1) + 1) * ((bins - 3) / 2.0) + 1;                           // [N,HW]
        var distance = (place.unsqueeze(-1) - arange(bins, dtype: image.dtype, device: image.device)).abs();
        return ((2 - distance).relu().pow(3) - 4 * (1 - distance).relu().pow(3)) / 6;                       // the cubic B-spline
    }
}
