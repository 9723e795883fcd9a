using static TorchSharp.torch;

namespace MedGan.Models.Losses;

/// <summary>
/// A population prior for translations between unpaired domains (ours): E |G(x) - m(x)|, m(x) being what <see cref="Training.OutlineAtlas"/> expects
/// of each pixel from its value and its depth below the body's outline. It holds a translation in the right basin - air, skin, bone, brain from the
/// outside in, bone where MR is dark - while the adversarial and cycle terms learn where exactly.
/// </summary>
public static class OutlineAtlasLoss
{
    /// <param name="translation">G(x), [N,1,H,W].</param>
    /// <param name="expected">m(x), [N,1,H,W].</param>
    /// <returns>A scalar.</returns>
    public static Tensor Of(Tensor translation, Tensor expected) => (translation - expected).abs().mean();
}
