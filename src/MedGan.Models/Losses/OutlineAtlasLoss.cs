using static TorchSharp.torch;

namespace MedGan.Models.Losses;

/// <summary>
/// A population prior for translations between unpaired domains: E |G(x) - m(d(x))|, m(d) being the median of the target domain's training images
/// at depth d below the body's outline (ours; an L1 loss makes the conditional median its minimum). It holds a translation in the right basin
/// - air outside, then skin, bone, brain - while the adversarial and cycle terms learn where exactly.
/// </summary>
public static class OutlineAtlasLoss
{
    /// <param name="translation">G(x), [N,1,H,W].</param>
    /// <param name="expected">m(d(x)), [N,1,H,W].</param>
    /// <returns>A scalar.</returns>
    public static Tensor Of(Tensor translation, Tensor expected) => (translation - expected).abs().mean();
}
