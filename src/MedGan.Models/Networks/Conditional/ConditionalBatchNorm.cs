using MedGan.Models.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks.Conditional;

/// <summary>
/// Conditional batch normalisation (Dumoulin et al., 1610.07629, equation 5; BigGAN, 1809.11096, appendix B.1): batch normalisation whose gain and bias are
/// linear maps of a condition, 1 + A c and B c.
/// </summary>
public sealed class ConditionalBatchNorm : Module<Tensor, Tensor, Tensor>
{
    private readonly BatchNorm2d norm;
    private readonly Module<Tensor, Tensor> gain, bias;

    /// <param name="channels">C.</param>
    /// <param name="conditionDimensions">K.</param>
    /// <param name="random">Draws the weights.</param>
    /// <param name="spectral">Whether both maps are divided by their largest singular value.</param>
    public ConditionalBatchNorm(int channels, int conditionDimensions, SeededRandom random, bool spectral) : base(nameof(ConditionalBatchNorm))
    {
        norm = BatchNorm2d(channels, affine: false);
        var deviation = 0.1 * SeededLayers.KeepsScale(conditionDimensions);
        gain = SeededLayers.Linear(conditionDimensions, channels, random, deviation, bias: false, spectral);
        bias = SeededLayers.Linear(conditionDimensions, channels, random, deviation, bias: false, spectral);
        RegisterComponents();
    }

    /// <param name="x">[N,C,H,W].</param>
    /// <param name="condition">[N,K].</param>
    /// <returns>[N,C,H,W].</returns>
    public override Tensor forward(Tensor x, Tensor condition)
    {
        using var scope = NewDisposeScope();
        var (factor, offset) = (1 + gain.call(condition), bias.call(condition)); // [N,C]
        return (norm.call(x) * factor.unsqueeze(2).unsqueeze(3) + offset.unsqueeze(2).unsqueeze(3)).MoveToOuterDisposeScope();
    }
}
