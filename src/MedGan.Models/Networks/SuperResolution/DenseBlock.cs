using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks.SuperResolution;

/// <summary>
/// ESRGAN's dense block (1809.00219, figure 4): four 3x3 convolutions to g channels, each of everything before it, a fifth back to w;
/// beta = 0.2 of that is added to the input.
/// </summary>
public sealed class DenseBlock : Module<Tensor, Tensor>
{
    internal const double ResidualScale = 0.2;

    private readonly Conv2d[] convs;

    public DenseBlock(int width, int growth) : base(nameof(DenseBlock))
    {
        convs = [.. Enumerable.Range(0, 5).Select(i => Conv2d(width + i * growth, i < 4 ? growth : width, 3, padding: 1))];
        foreach (var (i, conv) in convs.Index()) register_module($"conv{i + 1}", conv);
    }

    /// <param name="x">[N,w,H,W] -> the same.</param>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var all = x;
        foreach (var conv in convs[..4]) all = cat([all, functional.leaky_relu(conv.call(all), 0.2)], 1); // [N,w + i g,H,W]
        return (x + ResidualScale * convs[4].call(all)).MoveToOuterDisposeScope();
    }
}
