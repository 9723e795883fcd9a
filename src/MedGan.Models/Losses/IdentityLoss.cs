using static TorchSharp.torch;

namespace MedGan.Models.Losses;

/// <summary>Identity (CycleGAN, 1703.10593, section 5.2): E |G(y) - y| for y already of G's target domain, the mean over images and pixels.</summary>
public static class IdentityLoss
{
    /// <param name="image">y, [N,1,H,W].</param>
    /// <param name="kept">G(y), [N,1,H,W].</param>
    /// <returns>A scalar.</returns>
    public static Tensor Of(Tensor image, Tensor kept) => (kept - image).abs().mean();
}
