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
    public static void Normal(nn.Module network, SeededRandom random, double deviation = 0.02)
    {
        using var noGrad = no_grad();
        foreach (var (_, parameter) in network.named_parameters())
        {
            var values = new float[parameter.numel()];
            if (parameter.dim() > 1)
                for (var i = 0; i < values.Length; i++) values[i] = (float)(deviation * random.NextNormal());
            using var drawn = tensor(values, parameter.shape);
            parameter.copy_(drawn);
        }
    }

    /// <summary>He et al. (1502.01852, equation 10): weights from N(0, 2 / fan-in), which keeps the scale of rectified layers without normalisation.</summary>
    public static void HeNormal(nn.Module network, SeededRandom random) => ByFanIn(network, random, 2);

    /// <summary>The maps of attention, which nothing rectifies, from N(0, 1 / fan-in); its gamma 0, so that it begins as the identity. Nothing where the network has none.</summary>
    internal static void Attention(nn.Module network, SeededRandom random)
    {
        foreach (var attention in network.modules().OfType<SelfAttention>()) ByFanIn(attention, random, 1);
    }

    // N(0, gain / fan-in)
    private static void ByFanIn(nn.Module network, SeededRandom random, double gain)
    {
        using var noGrad = no_grad();
        foreach (var (_, parameter) in network.named_parameters())
        {
            var values = new float[parameter.numel()];
            var deviation = Math.Sqrt(gain * parameter.shape[0] / parameter.numel());
            if (parameter.dim() > 1)
                for (var i = 0; i < values.Length; i++) values[i] = (float)(deviation * random.NextNormal());
            using var drawn = tensor(values, parameter.shape);
            parameter.copy_(drawn);
        }
    }
}
