using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Losses;

/// <summary>
/// InfoNCE over a batch of pairs (van den Oord et al., 1807.03748, equation 4; in the symmetric form of SimCLR, 2002.05709, equation 1):
/// -E log( exp(z_i . z_j / tau) / sum over k != i of exp(z_i . z_k / tau) ), j being i's other view.
/// </summary>
public static class InfoNceLoss
{
    /// <param name="first">[N,D] unit vectors.</param>
    /// <param name="second">[N,D] unit vectors: the other view of the same N images.</param>
    /// <param name="temperature">tau, above 0.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Of(Tensor first, Tensor second, double temperature)
    {
        var n = first.shape[0];
        var z = cat([first, second]); // [2N,D]
        var itself = eye(2 * n, device: z.device);
        var others = eye(n, device: z.device);
        var none = zeros_like(others);
        var partner = cat([cat([none, others], 1), cat([others, none], 1)]); // [2N,2N]
        var similarity = z.matmul(z.t()) / temperature - itself * 1e9;
        return -(nn.functional.log_softmax(similarity, 1) * partner).sum() / (2 * n);
    }
}
