using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Losses;

/// <summary>
/// Least squares GAN (Mao et al., 1611.04076, equation 9 with a = 0, b = c = 1), x real, y translated:
/// D minimises ((D(x) - 1)^2 + D(y)^2) / 2, G minimises (D(y) - 1)^2; means over images and patches.
/// </summary>
public static class LeastSquaresLoss
{
    /// <param name="real">D(x), any shape.</param>
    /// <param name="translated">D(y), the same shape.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Discriminator(Tensor real, Tensor translated) => ((real - 1).square().mean() + translated.square().mean()) / 2;

    /// <param name="translated">D(y), any shape.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Generator(Tensor translated) => (translated - 1).square().mean();
}
