using MedGan.Models.Networks.Conditional;
using MedGan.Models.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks;

/// <summary>
/// A U-Net (Ronneberger et al., 1505.04597) of residual blocks (as in Zhang et al., 1711.10684), for pairs: strided convolutions down, nearest neighbours and a convolution up, skips concatenated.
/// Of volumes too, as the 3D U-Net (Cicek et al., 1606.06650). The finest level is not normalised: instance normalisation takes away how bright a pixel is in itself, which is what HU are about.
/// </summary>
public sealed class ResidualUNet : Module<Tensor, Tensor>
{
    private readonly Sequential input, output;
    private readonly ModuleList<Sequential> down = [], up = [], fuse = [];

    /// <param name="width">Channels of the finest level; they double to the eightfold.</param>
    /// <param name="levels">Halvings, at least 1.</param>
    /// <param name="blocks">Residual blocks at the coarsest level.</param>
    /// <param name="channels">Of the input.</param>
    /// <param name="attention">Self-attention (SAGAN, 1805.08318) behind the blocks of the coarsest level.</param>
    /// <param name="dimensions">2, or 3 for volumes.</param>
    public ResidualUNet(int width, int levels, int blocks, int channels = 1, bool attention = false, int dimensions = 2) : base(nameof(ResidualUNet))
    {
        if (attention && dimensions == 3) throw new ArgumentException("Attention is for images.", nameof(attention));
        int Channels(int level) => width << Math.Min(level, 3);
        Module<Tensor, Tensor> Conv(long from, long to, int stride = 1, int padding = 0) => SpatialLayers.Conv(dimensions, from, to, 3, stride, padding);
        Module<Tensor, Tensor> Norm(long features) => SpatialLayers.Norm(dimensions, features);
        Module<Tensor, Tensor> Pad() => SpatialLayers.Pad(dimensions);
        input = Sequential(
            ("pad1", Pad()), ("conv1", Conv(channels, width)), ("act1", LeakyReLU(0.2, inplace: true)),   // [N,C,H,W] -> [N,w,H,W]
            ("pad2", Pad()), ("conv2", Conv(width, width)), ("act2", LeakyReLU(0.2, inplace: true)));
        for (var level = 1; level <= levels; level++)
        {
            var layer = Sequential(
                ("conv", Conv(Channels(level - 1), Channels(level), stride: 2, padding: 1)),                           // -> [N,c,h/2,w/2]
                ("norm", Norm(Channels(level))),
                ("act", ReLU(inplace: true)));
            for (var i = 0; i < (level == levels ? blocks : 1); i++) layer.append($"block{i}", new ResidualBlock(Channels(level), dimensions));
            if (attention && level == levels) layer.append("attention", new SelfAttention(Channels(level), new SeededRandom(0), spectral: false));
            down.Add(layer);
        }
        for (var level = levels - 1; level >= 0; level--)
        {
            up.Add(Sequential(
                ("up", SpatialLayers.Up(dimensions)),
                ("pad", Pad()), ("conv", Conv(Channels(level + 1), Channels(level))),                     // -> [N,c,2h,2w]
                ("norm", Norm(Channels(level))),
                ("act", ReLU(inplace: true))));
            var joined = Sequential(("pad", Pad()), ("conv", Conv(2 * Channels(level), Channels(level)))); // [N,2c,h,w] -> [N,c,h,w]
            if (level > 0)
            {
                joined.append("norm", Norm(Channels(level)));
                joined.append("act", ReLU(inplace: true));
                joined.append("block", new ResidualBlock(Channels(level), dimensions));
            }
            else joined.append("act", LeakyReLU(0.2, inplace: true));
            fuse.Add(joined);
        }
        output = Sequential(
            ("pad1", Pad()), ("conv1", Conv(width, width)), ("act1", LeakyReLU(0.2, inplace: true)),
            ("pad2", Pad()), ("conv2", Conv(width, 1)));                                                  // -> [N,1,H,W]
        RegisterComponents();
    }

    /// <summary>He et al.; the last layer small, so that the first translations are grey.</summary>
    public void Initialise(SeededRandom random)
    {
        Initialisation.HeNormal(this, random);
        Initialisation.Attention(this, random);
        using var noGrad = no_grad();
        foreach (var (name, parameter) in output.named_parameters())
            if (name.StartsWith("conv2", StringComparison.Ordinal)) parameter.mul_(0.1);
    }

    /// <param name="image">[N,C,H,W] or [N,C,D,H,W] in [-1, 1], sides multiples of 2^levels.</param>
    /// <returns>[N,1,H,W] or [N,1,D,H,W] in [-1, 1].</returns>
    public override Tensor forward(Tensor image)
    {
        using var scope = NewDisposeScope();
        var skips = new List<Tensor> { input.call(image) };
        foreach (var layer in down) skips.Add(layer.call(skips[^1]));
        var x = skips[^1];
        for (var i = 0; i < up.Count; i++) x = fuse[i].call(cat([up[i].call(x), skips[^(i + 2)]], 1));
        return output.call(x).tanh().MoveToOuterDisposeScope();
    }
}
