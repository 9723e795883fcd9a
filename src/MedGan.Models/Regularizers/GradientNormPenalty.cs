using static TorchSharp.torch;

namespace MedGan.Models.Regularizers;

/// <summary>
/// R1 and R2 (Mescheder et al., 1801.04406, equations 9 and 10), without gamma: E |grad_x D(x)|^2 / 2, on real images R1, on generated ones R2. Both are
/// zero-centred: D is flat where the two distributions meet. Evaluated every k-th step only, multiply by k (1912.04958, appendix B).
/// </summary>
public static class GradientNormPenalty
{
    /// <param name="scores">D(x), [N], each depending on its own image alone.</param>
    /// <param name="images">x, [N,C,H,W]; requires a gradient.</param>
    /// <returns>A scalar that can be differentiated once more.</returns>
    public static Tensor Of(Tensor scores, Tensor images)
    {
        var gradient = autograd.grad([scores.sum()], [images], create_graph: true)[0]; // [N,C,H,W]
        return gradient.square().sum() / (2 * images.shape[0]);
    }
}
