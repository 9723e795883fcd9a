using MedGan.Models.Networks.Conditional;
using MedGan.Models.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedGan.Models.Networks.SuperResolution;

/// <summary>How the networks of super-resolution begin. Activations and normalisations keep their own beginnings.</summary>
public static class ConvolutionInitialisation
{
    /// <summary>
    /// He et al. (1502.01852, equation 10), weights from N(0, 2 / fan-in), times <paramref name="scale"/>: small residuals make deep networks
    /// easier to train (ESRGAN, 1809.00219, section 3.1). Biases 0.
    /// </summary>
    public static void HeNormal(nn.Module network, SeededRandom random, double scale = 1)
    {
        using var noGrad = no_grad();
        foreach (var layer in network.modules().Prepend(network).Distinct())
        {
            var (weight, bias) = layer switch { Convolution c => (c.weight, c.bias), Linear l => (l.weight, l.bias), _ => (null, null) };
            bias?.zero_();
            if (weight is null) continue;
            using var drawn = SeededTensors.Normal(weight.shape, random, scale * Initialisation.HeDeviation(weight));
            weight.copy_(drawn);
        }
    }

    /// <summary>He's, a tenth of it in the blocks, a hundredth in the last layer; equal sub-pixels: the image begins as the bicubic one.</summary>
    internal static void SmallResiduals(nn.Module network, nn.Module blocks, nn.Module last, nn.Module steps, SeededRandom random)
    {
        HeNormal(network, random);
        HeNormal(blocks, random, scale: 0.1);
        HeNormal(last, random, scale: 0.01);
        foreach (var step in steps.children().Cast<IUpsamplingStep>()) step.EqualSubPixels();
    }

    /// <summary>
    /// ICNR (Aitken et al., 1707.02937, section 3): the filters of the pixels that one pixel becomes are equal at first, so that the rearrangement
    /// begins as nearest-neighbour interpolation and shows no checkerboard.
    /// </summary>
    /// <param name="convolution">Before <see cref="SubPixel.Rearrange"/>.</param>
    /// <param name="pixels">Pixels made of one, r s.</param>
    public static void EqualSubPixels(Convolution convolution, int pixels)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var weight = convolution.weight!;
        var first = weight.reshape(weight.shape[0] / pixels, pixels, -1).narrow(1, 0, 1); // [C,1,in k k]
        weight.copy_(first.expand(-1, pixels, -1).reshape(weight.shape));
    }
}
