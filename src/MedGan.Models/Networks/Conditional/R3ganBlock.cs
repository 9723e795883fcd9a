using MedGan.Models.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks.Conditional;

/// <summary>
/// R3GAN's residual block (Huang et al., 2501.05441, section 3 and appendix on the architecture; after ResNeXt, 1611.05431): 1 x 1 to e times the channels, bias and leaky ReLU, 3 x 3 in
/// groups, bias and leaky ReLU, 1 x 1 back, added to the input. No normalisation: weights start as fix-up has it (Zhang et al., 1901.09321) - the last at 0, the others scaled
/// by L^(-1/4), L being the network's residual blocks, so that the sum over blocks neither vanishes nor explodes.
/// </summary>
internal sealed class R3ganBlock : Module<Tensor, Tensor>
{
    private const int ExpansionFactor = 2, GroupWidth = 16;

    private readonly Conv2d expand, mix, reduce;

    /// <param name="channels">C; twice as many are divided into groups of 16.</param>
    /// <param name="blocks">L.</param>
    /// <param name="random">Draws the weights.</param>
    public R3ganBlock(int channels, int blocks, SeededRandom random) : base(nameof(R3ganBlock))
    {
        var wide = ExpansionFactor * channels;
        var groups = Math.Max(1, wide / GroupWidth);
        var gain = Math.Sqrt(2 / 1.04) * Math.Pow(blocks, -0.25); // L^(-1 / (2 m - 2)) with m = 3 layers
        expand = Drawn(Conv2d(channels, wide, 1), random, gain);
        mix = Drawn(Conv2d(wide, wide, 3, padding: 1, groups: groups), random, gain);
        reduce = Drawn(Conv2d(wide, channels, 1, bias: false), random, 0);
        RegisterComponents();
    }

    /// <param name="x">[N,C,H,W] -> the same.</param>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var change = functional.leaky_relu(mix.call(functional.leaky_relu(expand.call(x), 0.2)), 0.2);
        return (x + reduce.call(change)).MoveToOuterDisposeScope();
    }

    private static Conv2d Drawn(Conv2d layer, SeededRandom random, double gain)
    {
        using var noGrad = no_grad();
        using var normal = SeededTensors.Normal(layer.weight.shape, random);
        layer.weight.copy_(normal.mul_(SeededLayers.KeepsScale(layer.weight.numel() / layer.weight.shape[0], gain)));
        layer.bias?.zero_();
        return layer;
    }
}

/// <summary>Some blocks of one resolution, then or before them a change of resolution: 1 x 1 (where channels differ) and bilinear.</summary>
internal sealed class R3ganStage : Module<Tensor, Tensor>
{
    private readonly ModuleList<R3ganBlock> blocks = [];
    private readonly Module<Tensor, Tensor>? channels;
    private readonly bool up;

    /// <param name="from">Channels in.</param>
    /// <param name="to">Channels out.</param>
    /// <param name="up">Doubles, then the blocks (the generator's); otherwise the blocks, then halves (the discriminator's).</param>
    /// <param name="count">Blocks here.</param>
    /// <param name="allBlocks">Blocks in the network.</param>
    /// <param name="random">Draws the weights.</param>
    public R3ganStage(int from, int to, bool up, int count, int allBlocks, SeededRandom random) : base(nameof(R3ganStage))
    {
        this.up = up;
        if (from != to) channels = SeededLayers.Conv(from, to, 1, random, SeededLayers.KeepsScale(from), bias: false);
        for (var i = 0; i < count; i++) blocks.Add(new R3ganBlock(up ? to : from, allBlocks, random));
        RegisterComponents();
    }

    /// <param name="x">[N,c,h,w] -> [N,c',2h,2w] or [N,c',h/2,w/2].</param>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor Blocks(Tensor input) => blocks.Aggregate(input, (y, block) => block.call(y));
        Tensor Channels(Tensor input) => channels is null ? input : channels.call(input);
        return (up ? Blocks(Resampling.Up(Channels(x))) : Channels(Resampling.Down(Blocks(x)))).MoveToOuterDisposeScope();
    }
}
