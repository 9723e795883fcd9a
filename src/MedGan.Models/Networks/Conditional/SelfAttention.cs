using MedGan.Models.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks.Conditional;

/// <summary>
/// Self-attention over places (SAGAN, Zhang et al., 1805.08318, equations 1 to 3): y = gamma o + x, o a mixture of all places' values, weighed by softmax(f . g);
/// keys and values at half the resolution, C/8 dimensions for f and g, C/2 for the values; gamma starts at 0, so that the network is convolutional first.
/// </summary>
public sealed class SelfAttention : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> query, key, value, output;
    private readonly Parameter gamma;

    /// <param name="channels">C, at least 8.</param>
    /// <param name="random">Draws the weights.</param>
    /// <param name="spectral">Whether the four maps are divided by their largest singular value.</param>
    public SelfAttention(int channels, SeededRandom random, bool spectral) : base(nameof(SelfAttention))
    {
        Module<Tensor, Tensor> Map(int from, int to) => SeededLayers.Conv(from, to, 1, random, SeededLayers.KeepsScale(from), bias: false, spectral: spectral);
        (query, key) = (Map(channels, channels / 8), Map(channels, channels / 8));
        (value, output) = (Map(channels, channels / 2), Map(channels / 2, channels));
        gamma = new Parameter(zeros(1));
        RegisterComponents();
    }

    /// <param name="x">[N,C,H,W], H and W even -> the same.</param>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (n, channels, height, width) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        var q = query.call(x).flatten(2);                                              // [N,C/8,HW]
        var k = functional.max_pool2d(key.call(x), 2).flatten(2);                      // [N,C/8,HW/4]
        var v = functional.max_pool2d(value.call(x), 2).flatten(2);                    // [N,C/2,HW/4]
        var weights = functional.softmax(q.transpose(1, 2).bmm(k), -1);                // [N,HW,HW/4]
        var mixed = v.bmm(weights.transpose(1, 2)).reshape(n, channels / 2, height, width);
        return (gamma * output.call(mixed) + x).MoveToOuterDisposeScope();
    }
}
