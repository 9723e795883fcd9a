using static TorchSharp.torch;

namespace MedGan.Models.Regularizers;

/// <summary>
/// StyleGAN2's path length regularisation (Karras et al., 1912.04958, equation 4), without its weight: E (|J_w^T y| - a)^2, y an image of normal noise
/// divided by the root of its pixels, a the running mean of the lengths (decay 0.99). A step in W then changes the image as much wherever it is taken.
/// </summary>
public sealed class PathLengthPenalty : IDisposable
{
    private const double Decay = 0.99;

    /// <summary>a, a scalar tensor; owned here, part of a checkpoint.</summary>
    public Tensor Mean { get; }

    public PathLengthPenalty(Device device) => Mean = zeros([1], device: device).DetachFromDisposeScope();

    /// <param name="images">G(w), [N,C,H,W].</param>
    /// <param name="styles">w, [N,L,W] for L layers; requires a gradient.</param>
    /// <param name="noise">Standard normal, [N,C,H,W].</param>
    /// <returns>A scalar that can be differentiated once more; <see cref="Mean"/> has moved.</returns>
    public Tensor Of(Tensor images, Tensor styles, Tensor noise)
    {
        var pixels = images.shape[2] * images.shape[3];
        var gradient = autograd.grad([(images * noise).sum() / Math.Sqrt(pixels)], [styles], create_graph: true)[0]; // [N,L,W]
        var lengths = gradient.square().sum(2).mean([1]).sqrt(); // [N]
        using (no_grad()) Mean.mul_(Decay).add_(lengths.detach().mean(), 1 - Decay);
        return (lengths - Mean.clone()).square().mean();
    }

    public void Dispose() => Mean.Dispose();
}
