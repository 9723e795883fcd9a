using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks;

/// <summary>SqueezeNet 1.0 without its classifier (Iandola et al., 1602.07360, table 1). Windows of the poolings may reach over the edge, as in the original.</summary>
public sealed class SqueezeNet : Module<Tensor, Tensor>
{
    /// <summary>Of the last map.</summary>
    public const int Channels = 512;

    private readonly Conv2d conv1;
    private readonly Fire fire2, fire3, fire4, fire5, fire6, fire7, fire8, fire9;

    public SqueezeNet() : base(nameof(SqueezeNet))
    {
        conv1 = Conv2d(3, 96, 7, stride: 2);
        (fire2, fire3, fire4) = (new Fire(96, 16, 64), new Fire(128, 16, 64), new Fire(128, 32, 128));
        (fire5, fire6, fire7, fire8) = (new Fire(256, 32, 128), new Fire(256, 48, 192), new Fire(384, 48, 192), new Fire(384, 64, 256));
        fire9 = new Fire(512, 64, 256);
        RegisterComponents();
    }

    /// <param name="image">[N,3,H,W], H and W at least 21: blue, green, red, each less its mean.</param>
    /// <returns>[N,512,h,w], at least 0; 13 x 13 of 227 x 227.</returns>
    public override Tensor forward(Tensor image)
    {
        using var scope = NewDisposeScope();
        var map = Pooled(conv1.call(image).relu());                                 // [N,96,55,55] of 227 x 227
        map = Pooled(fire4.call(fire3.call(fire2.call(map))));                      // [N,256,27,27]
        map = Pooled(fire8.call(fire7.call(fire6.call(fire5.call(map)))));          // [N,512,13,13]
        return fire9.call(map).MoveToOuterDisposeScope();
    }

    private static Tensor Pooled(Tensor map) => functional.max_pool2d(map, 3, 2, ceil_mode: true);

    /// <summary>A 1 x 1 convolution to few channels, then 1 x 1 and 3 x 3 ones side by side, each rectified (section 3.2).</summary>
    private sealed class Fire : Module<Tensor, Tensor>
    {
        private readonly Conv2d squeeze1x1, expand1x1, expand3x3;

        public Fire(int channels, int squeezed, int expanded) : base(nameof(Fire))
        {
            squeeze1x1 = Conv2d(channels, squeezed, 1);
            expand1x1 = Conv2d(squeezed, expanded, 1);
            expand3x3 = Conv2d(squeezed, expanded, 3, padding: 1);
            RegisterComponents();
        }

        // [N,channels,H,W] -> [N,2 expanded,H,W]
        public override Tensor forward(Tensor map)
        {
            using var scope = NewDisposeScope();
            var few = squeeze1x1.call(map).relu();
            return cat([expand1x1.call(few).relu(), expand3x3.call(few).relu()], 1).MoveToOuterDisposeScope();
        }
    }
}
