using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Losses;

/// <summary>
/// PatchNCE (Park et al., CUT, 2007.15651, equations 3 and 4): a patch of the translation shall be told by its own place in the source, among other places of the same source:
/// -E log( exp(q_s . k_s / tau) / sum over s' of exp(q_s . k_s' / tau) ).
/// </summary>
public static class PatchNceLoss
{
    /// <param name="queries">Of the translation, [N,S,D], unit vectors.</param>
    /// <param name="keys">Of the source at the same S places, [N,S,D], unit vectors; no gradient flows into them.</param>
    /// <param name="temperature">tau, above 0; 0.07 in the paper.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Of(Tensor queries, Tensor keys, double temperature)
    {
        var similarity = queries.matmul(keys.detach().transpose(1, 2)) / temperature; // [N,S,S]
        return -nn.functional.log_softmax(similarity, 2).diagonal(0, 1, 2).mean();
    }
}
