using static TorchSharp.torch;

namespace MedGan.Models.Losses;

/// <summary>
/// Gradient difference (Mathieu et al., 1511.05440, equation 6, alpha = 1): E ||y_{i,j} - y_{i-1,j}| - |x_{i,j} - x_{i-1,j}|| + the same along rows, and between slices; edges as sharp as the target's, of either sign.
/// </summary>
public static class GradientDifferenceLoss
{
    /// <param name="made">[N,C,H,W] or [N,C,D,H,W].</param>
    /// <param name="target">[N,C,H,W] or [N,C,D,H,W].</param>
    /// <returns>A scalar.</returns>
    public static Tensor Of(Tensor made, Tensor target) => made.dim() == 5
        ? Along(made, target, 2) + Along(made, target, 3) + Along(made, target, 4) : Along(made, target, 2) + Along(made, target, 3);

    private static Tensor Along(Tensor made, Tensor target, int dimension) => (Steps(made, dimension) - Steps(target, dimension)).abs().mean();

    private static Tensor Steps(Tensor image, int dimension)
    {
        var n = image.shape[dimension];
        return (image.narrow(dimension, 1, n - 1) - image.narrow(dimension, 0, n - 1)).abs();
    }
}
