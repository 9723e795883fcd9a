using static TorchSharp.torch;

namespace MedGan.Models.Regularizers;

/// <summary>
/// BigGAN's orthogonal regularisation (Brock et al., 1809.11096, equation 3), without beta: sum over weights of |W W^T * (1 - I)|_F^2, W with one row for
/// each output. Rows are pulled apart, their lengths are left alone. Tables of classes are no such weights.
/// </summary>
public static class OrthogonalPenalty
{
    /// <param name="network">All its weights of two or more dimensions but those of embeddings.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Of(nn.Module network) => network.named_parameters()
        .Where(p => p.parameter.dim() > 1 && p.parameter.shape[0] > 1 && !p.name.Contains("classes.", StringComparison.Ordinal))
        .Select(p => OfMatrix(p.parameter.flatten(1)))
        .Aggregate(zeros([], device: network.parameters().First().device), (sum, one) => sum + one);

    // [rows,columns] -> a scalar
    private static Tensor OfMatrix(Tensor matrix)
    {
        var products = matrix.matmul(matrix.t());
        return products.square().sum() - products.diagonal().square().sum();
    }
}
