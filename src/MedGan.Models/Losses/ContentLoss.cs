using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Losses;

/// <summary>
/// How far a reconstruction is from the image, pixel by pixel; means over images and pixels. "mse": (y - x)^2 (SRGAN, 1609.04802, equation 4). "l1": |y - x| (1707.02921, section 3.3).
/// "charbonnier": sqrt((y - x)^2 + eps^2), eps = 1e-3 (Lai et al., 1704.03915, equation 2): l1 that is smooth at 0.
/// </summary>
public static class ContentLoss
{
    private const double Epsilon = 1e-3;

    public static IReadOnlyList<string> Kinds { get; } = ["l1", "charbonnier", "mse"];

    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="image">x, [N,1,H,W].</param>
    /// <param name="reconstruction">y, [N,1,H,W].</param>
    /// <returns>A scalar.</returns>
    public static Tensor Of(string kind, Tensor image, Tensor reconstruction)
    {
        var difference = reconstruction - image;
        return kind switch
        {
            "l1" => difference.abs().mean(),
            "charbonnier" => (difference.square() + Epsilon * Epsilon).sqrt().mean(),
            "mse" => difference.square().mean(),
            _ => throw new ArgumentException($"A content loss is one of {string.Join(", ", Kinds)}, not {kind}.", nameof(kind)),
        };
    }
}
