using MedGan.Models.Regularizers;
using MedGan.Models.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks.Conditional;

/// <summary>Layers whose weights are drawn by our own generator, N(0, deviation), biases 0: one seed gives one network on every device and version of libtorch.</summary>
internal static class SeededLayers
{
    public static Module<Tensor, Tensor> Conv(long from, long to, int kernel, SeededRandom random, double deviation = 0.02, int stride = 1, int padding = 0, bool bias = true, bool spectral = false) =>
        Ready(Conv2d(from, to, kernel, stride, padding, bias: bias), random, deviation, spectral);

    public static Module<Tensor, Tensor> ConvTranspose(long from, long to, int kernel, SeededRandom random, double deviation = 0.02, int stride = 1, int padding = 0, bool bias = true) =>
        Ready(ConvTranspose2d(from, to, kernel, stride, padding, bias: bias), random, deviation, spectral: false);

    public static Module<Tensor, Tensor> Linear(long from, long to, SeededRandom random, double deviation = 0.02, bool bias = true, bool spectral = false) =>
        Ready(nn.Linear(from, to, bias), random, deviation, spectral);

    public static Module<Tensor, Tensor> Classes(long classes, long to, SeededRandom random, double deviation = 1, bool spectral = false) =>
        Ready(Embedding(classes, to), random, deviation, spectral);

    /// <summary>He et al. (1502.01852, equation 10), with the gain of what follows: the deviation that keeps the scale through <paramref name="fanIn"/> inputs.</summary>
    public static double KeepsScale(long fanIn, double gain = 1) => gain / Math.Sqrt(fanIn);

    private static Module<Tensor, Tensor> Ready(Module<Tensor, Tensor> layer, SeededRandom random, double deviation, bool spectral)
    {
        using (no_grad())
            foreach (var parameter in layer.parameters())
            {
                if (parameter.dim() == 1)
                {
                    parameter.zero_();
                    continue;
                }
                using var drawn = SeededTensors.Normal(parameter.shape, random);
                parameter.copy_(drawn.mul_(deviation));
            }
        return spectral ? new SpectralNorm(layer, random) : layer;
    }
}
