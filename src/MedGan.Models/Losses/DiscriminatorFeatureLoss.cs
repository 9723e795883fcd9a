using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Losses;

/// <summary>Feature matching of a discriminator (pix2pixHD, 1711.11585, equation 3): the sum over its layers of E |D_i(s, x) - D_i(s, G(s))|, a mean over each layer's elements.</summary>
public static class DiscriminatorFeatureLoss
{
    /// <param name="real">D_i(s, x), layer by layer; no gradient flows into them.</param>
    /// <param name="made">D_i(s, G(s)), of the same shapes.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Of(IReadOnlyList<Tensor> real, IReadOnlyList<Tensor> made) =>
        stack([.. real.Zip(made, (x, y) => (y.to(ScalarType.Float32) - x.detach().to(ScalarType.Float32)).abs().mean())]).sum();
}
