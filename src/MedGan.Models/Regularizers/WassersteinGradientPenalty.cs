using static TorchSharp.torch;

namespace MedGan.Models.Regularizers;

/// <summary>
/// WGAN-GP's penalty (Gulrajani et al., 1704.00028, equation 3), without lambda: E (|grad D(u)| - 1)^2 at u = e x + (1 - e) y, between a real and a generated image.
/// </summary>
public static class WassersteinGradientPenalty
{
    /// <param name="discriminator">D, [N,C,H,W] -> [N], each score depending on its own image alone.</param>
    /// <param name="real">x, [N,C,H,W].</param>
    /// <param name="fake">y, [N,C,H,W], without a graph.</param>
    /// <param name="mix">e, [N] in [0, 1].</param>
    /// <returns>A scalar that can be differentiated once more.</returns>
    public static Tensor Of(Func<Tensor, Tensor> discriminator, Tensor real, Tensor fake, Tensor mix)
    {
        var between = (fake + mix.reshape(-1, 1, 1, 1) * (real - fake)).detach().requires_grad_(true);
        var gradient = autograd.grad([discriminator(between).sum()], [between], create_graph: true)[0];
        var norm = (gradient.square().flatten(1).sum(1) + 1e-12).sqrt(); // [N]; the root has a slope at 0 as well
        return (norm - 1).square().mean();
    }
}
