using MedGan.Models.Networks.Conditional;
using MedGan.Models.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks;

/// <summary>
/// The U-Net of pix2pix (1611.07004, appendix 6.1.1): Ck encoders with stride 2 of w, 2w, 4w, 8w, 8w ... channels down to 4 x 4 pixels, and as many decoders with skips between. Nearest
/// neighbours and a convolution in the place of transposed convolutions, against checkerboards (Odena et al. 2016).
/// </summary>
public sealed class UNetGenerator : Module<Tensor, Tensor>
{
    private readonly ModuleList<Sequential> down = [], up = [];
    private readonly Sequential output;

    /// <param name="width">w.</param>
    /// <param name="size">Pixels per side: 4 times a power of two.</param>
    /// <param name="channels">Of the input.</param>
    /// <param name="attention">Self-attention (SAGAN, 1805.08318) at 4 x 4 pixels.</param>
    public UNetGenerator(int width, int size, int channels = 1, bool attention = false) : base(nameof(UNetGenerator))
    {
        var levels = int.Log2(size) - 2;
        int Channels(int level) => width << Math.Min(level, 3);
        for (var level = 0; level < levels; level++)
        {
            var layer = Sequential(("conv", Conv2d(level == 0 ? channels : Channels(level - 1), Channels(level), 4, stride: 2, padding: 1))); // [N,c,h,w] -> [N,c',h/2,w/2]
            if (level > 0 && level < levels - 1) layer.append("norm", InstanceNorm2d(Channels(level)));
            layer.append("act", LeakyReLU(0.2, inplace: true));
            if (attention && level == levels - 1) layer.append("attention", new SelfAttention(Channels(level), new SeededRandom(0), spectral: false));
            down.Add(layer);
        }
        for (var level = levels - 2; level >= 0; level--)
            up.Add(Sequential(
                ("up", Upsample(scale_factor: [2, 2])),
                ("conv", Conv2d(level == levels - 2 ? Channels(level + 1) : 2 * Channels(level + 1), Channels(level), 3, padding: 1)), // -> [N,c,h,w]
                ("norm", InstanceNorm2d(Channels(level))),
                ("act", ReLU(inplace: true))));
        output = Sequential(("up", Upsample(scale_factor: [2, 2])), ("conv", Conv2d(2 * width, 1, 3, padding: 1))); // -> [N,1,H,W]
        RegisterComponents();
    }

    public void Initialise(SeededRandom random)
    {
        Initialisation.Normal(this, random);
        Initialisation.Attention(this, random);
    }

    /// <param name="image">[N,C,H,W] in [-1, 1].</param>
    /// <returns>[N,1,H,W] in [-1, 1].</returns>
    public override Tensor forward(Tensor image)
    {
        using var scope = NewDisposeScope();
        var skips = new List<Tensor> { image };
        foreach (var layer in down) skips.Add(layer.call(skips[^1]));
        var x = skips[^1];
        for (var i = 0; i < up.Count; i++) x = cat([up[i].call(x), skips[^(i + 2)]], 1);
        return output.call(x).tanh().MoveToOuterDisposeScope();
    }
}
