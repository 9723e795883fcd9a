using static TorchSharp.torch;

namespace MedGan.Models.Losses;

/// <summary>Cycle consistency (CycleGAN, 1703.10593, equation 2), one direction: E |F(G(x)) - x|, the mean over images and pixels.</summary>
public static class CycleConsistencyLoss
{
    /// <param name="image">x, [N,1,H,W].</param>
    /// <param name="returned">F(G(x)), [N,1,H,W].</param>
    /// <returns>A scalar.</returns>
    public static Tensor Of(Tensor image, Tensor returned) => (returned - image).abs().mean();
}
