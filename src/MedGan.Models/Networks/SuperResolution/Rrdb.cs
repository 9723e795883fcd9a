using MedGan.Models.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks.SuperResolution;

/// <summary>
/// ESRGAN's generator (Wang et al., 1809.00219, section 3.1): k3-w, B residual-in-residual dense blocks, k3-w beside the identity, steps up, k3, k3-1; nothing is normalised.
/// The steps up are sub-pixel ones. Like <see cref="SrResNet"/> it gives the detail that <see cref="BicubicUpsampling"/> lacks.
/// </summary>
public sealed class Rrdb : Module<Tensor, Tensor>
{
    private readonly Conv2d first, last;
    private readonly Sequential body, up, high;

    /// <param name="times">How many times more rows and columns.</param>
    /// <param name="width">w, 64 in the paper.</param>
    /// <param name="blocks">B, 23 in the paper.</param>
    /// <param name="channels">Of the input: slices, the middle one of which grows.</param>
    /// <param name="tailWidth">Channels above the input's resolution, where they cost most; w in the paper.</param>
    /// <param name="growth">g, the channels that each dense convolution adds; 32 in the paper.</param>
    public Rrdb(Magnification times, int width, int blocks, int channels, int tailWidth, int growth) : base(nameof(Rrdb))
    {
        first = Conv2d(channels, width, 3, padding: 1);                                                                 // [N,C,h,w] -> [N,w,h,w]
        body = Sequential();
        for (var i = 0; i < blocks; i++) body.append($"block{i}", new ResidualInResidual(width, growth));               // -> the same
        body.append("conv", Conv2d(width, width, 3, padding: 1));
        up = Sequential();
        foreach (var (i, step) in times.Steps.Index())
            up.append($"step{i}", new SubPixelUpsampling(i == 0 ? width : tailWidth, tailWidth, step, LeakyReLU(0.2))); // -> [N,t,H,W]
        high = Sequential(("conv", Conv2d(tailWidth, tailWidth, 3, padding: 1)), ("act", LeakyReLU(0.2)));
        last = Conv2d(tailWidth, 1, 3, padding: 1);                                                                     // -> [N,1,H,W]
        RegisterComponents();
    }

    /// <summary>A tenth of He's in the blocks (section 3.1: smaller initialisation), a hundredth in the last layer, He's elsewhere; equal sub-pixels.</summary>
    public void Initialise(SeededRandom random) => ConvolutionInitialisation.SmallResiduals(this, body, last, up, random);

    /// <param name="image">[N,C,h,w] in [-1, 1], -1 = air.</param>
    /// <returns>[N,1,H,W]: what to add to the bicubic image.</returns>
    public override Tensor forward(Tensor image)
    {
        using var scope = NewDisposeScope();
        var maps = first.call(image + 1); // air is 0, as is what the convolutions pad with
        return last.call(high.call(up.call(maps + body.call(maps)))).MoveToOuterDisposeScope();
    }
}
