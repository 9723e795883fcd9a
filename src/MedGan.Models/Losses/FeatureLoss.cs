using MedGan.Models.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Losses;

/// <summary>
/// Perceptual loss (Johnson et al., 1603.08155, equation 2; SRGAN, 1609.04802, equation 5; with absolute differences as in ESRGAN, 1809.00219, section 3.3):
/// the mean over a network's maps of E |phi_l(y) - phi_l(x)| / E |phi_l(x)|, which makes it independent of the network's scale. 0 = equal; 1 = as far apart as from nothing.
/// </summary>
public static class FeatureLoss
{
    /// <param name="features">phi; its weights are not changed.</param>
    /// <param name="image">x, [N,1,H,W]; no gradient flows into it.</param>
    /// <param name="reconstruction">y, [N,1,H,W].</param>
    /// <returns>A scalar.</returns>
    public static Tensor Of(IFeatureMaps features, Tensor image, Tensor reconstruction)
    {
        var n = image.shape[0];
        var terms = features.Maps(cat([image.detach(), reconstruction])).Select(map =>
        {
            var (truth, made) = (map.narrow(0, 0, n).detach(), map.narrow(0, n, n));
            return (made - truth).abs().mean() / (truth.abs().mean() + 1e-8);
        }).ToArray();
        return stack(terms).mean();
    }
}
