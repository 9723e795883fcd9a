using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Losses;

/// <summary>
/// 1 - SSIM (Wang et al. 2004, equation 13; as a loss Zhao et al., 1511.08861) with a uniform window of 7 pixels, K = (0.01, 0.03), sample covariance and a range of 2: the figure
/// that translations are judged by.
/// </summary>
public static class StructuralSimilarityLoss
{
    private const int Window = 7;
    private const double C1 = 0.02 * 0.02, C2 = 0.06 * 0.06, Unbiased = Window * Window / (Window * Window - 1.0);

    /// <param name="made">[N,1,H,W] in [-1, 1].</param>
    /// <param name="target">[N,1,H,W] in [-1, 1].</param>
    /// <returns>A scalar in [0, 2]: the mean over windows that lie inside, and over images.</returns>
    public static Tensor Of(Tensor made, Tensor target)
    {
        var (meanX, meanY) = (Mean(made), Mean(target)); // [N,1,H-6,W-6]
        var varianceX = (Mean(made.square()) - meanX.square()) * Unbiased;
        var varianceY = (Mean(target.square()) - meanY.square()) * Unbiased;
        var covariance = (Mean(made * target) - meanX * meanY) * Unbiased;
        var similarity = (2 * meanX * meanY + C1) * (2 * covariance + C2) / ((meanX.square() + meanY.square() + C1) * (varianceX + varianceY + C2));
        return 1 - similarity.mean();
    }

    private static Tensor Mean(Tensor image) => nn.functional.avg_pool2d(image, Window, 1);
}
