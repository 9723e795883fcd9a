using static TorchSharp.torch;

namespace MedGan.Models.Regularizers;

/// <summary>
/// Consistency regularisation (Zhang et al., 1910.12027, equation 3), a term of the discriminator: E (D(x) - D(T(x)))^2 for a change T that means nothing. On
/// generated images as well it is the balanced form (Zhao et al., 2002.04724, algorithm 1).
/// </summary>
public static class ConsistencyPenalty
{
    /// <param name="scores">D(x), [N].</param>
    /// <param name="augmented">D(T(x)), [N].</param>
    /// <returns>A scalar.</returns>
    public static Tensor Of(Tensor scores, Tensor augmented) => (scores - augmented).square().mean();
}
