using MedGan.Models.Networks.Conditional;
using MedGan.Models.Training;
using static TorchSharp.torch;

namespace MedGan.Models.Networks;

/// <summary>
/// Convolution weights from N(0, 0.02), biases 0 (CycleGAN 1703.10593, appendix 7.1). Drawn by our own generator,
/// so that one seed gives one network on every device and every version of libtorch.
/// </summary>
public static class Initialisation
{
    public static void Normal(nn.Module network, SeededRandom random, double deviation = 0.02) => Draw(network, random, _ => deviation);

    /// <summary>He et al. (1502.01852, equation 10): weights from N(0, 2 / fan-in), which keeps the scale of rectified layers without normalisation.</summary>
    public static void HeNormal(nn.Module network, SeededRandom random) => Draw(network, random, HeDeviation);

    /// <summary>The maps of attention, which nothing rectifies, from N(0, 1 / fan-in); its gamma 0, so that it begins as the identity. Nothing where the network has none.</summary>
    internal static void Attention(nn.Module network, SeededRandom random)
    {
        foreach (var attention in network.modules().OfType<SelfAttention>()) Draw(attention, random, weight => HeDeviation(weight) / Math.Sqrt(2));
    }

    /// <param name="weight">[outputs, inputs, ...].</param>
    internal static double HeDeviation(Tensor weight) => Math.Sqrt(2.0 * weight.shape[0] / weight.numel());

    // matrices and filters; everything else 0
    private static void Draw(nn.Module network, SeededRandom random, Func<Tensor, double> deviation)
    {
        using var noGrad = no_grad();
        foreach (var (_, parameter) in network.named_parameters())
        {
            using var drawn = parameter.dim() > 1 ? SeededTensors.Normal(parameter.shape, random, deviation(parameter)) : zeros(parameter.shape);
            parameter.copy_(drawn);
        }
    }
}
