using MedGan.Models.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks.SuperResolution;

/// <summary>
/// The generator of SRResNet and SRGAN (Ledig et al., 1609.04802, figure 4): k9-w, B residual blocks of w, k3-w beside the identity, sub-pixel steps up, k9-1.
/// It gives the detail that <see cref="BicubicUpsampling"/> lacks: the image is the sum of both, so that the network begins as the baseline.
/// </summary>
public sealed class SrResNet : Module<Tensor, Tensor>
{
    private readonly Sequential head, body, up;
    private readonly Conv2d last;

    /// <param name="times">How many times more rows and columns.</param>
    /// <param name="width">w, 64 in the paper.</param>
    /// <param name="blocks">B, 16 in the paper.</param>
    /// <param name="channels">Of the input: slices, the middle one of which grows.</param>
    /// <param name="tailWidth">Channels above the input's resolution, where they cost most; w in the paper.</param>
    /// <param name="batchNorm">As in the paper; without, the network reaches a higher PSNR (Lim et al., 1707.02921, section 3.1).</param>
    public SrResNet(Magnification times, int width, int blocks, int channels, int tailWidth, bool batchNorm) : base(nameof(SrResNet))
    {
        head = Sequential(("conv", Conv2d(channels, width, 9, padding: 4)), ("act", PReLU(1)));                     // [N,C,h,w] -> [N,w,h,w]
        body = Sequential();
        for (var i = 0; i < blocks; i++) body.append($"block{i}", new SrResidualBlock(width, batchNorm));           // -> the same
        body.append("conv", Conv2d(width, width, 3, padding: 1));
        if (batchNorm) body.append("norm", BatchNorm2d(width));
        up = Sequential();
        foreach (var (i, step) in times.Steps.Index())
            up.append($"step{i}", new SubPixelUpsampling(i == 0 ? width : tailWidth, tailWidth, step, PReLU(1)));   // -> [N,t,H,W]
        last = Conv2d(tailWidth, 1, 9, padding: 4);                                                                 // -> [N,1,H,W]
        RegisterComponents();
    }

    /// <summary>He's, but a tenth of it in the blocks, which nothing else keeps from growing, and a hundredth in the last layer; equal sub-pixels.</summary>
    public void Initialise(SeededRandom random) => ConvolutionInitialisation.SmallResiduals(this, body, last, up, random);

    /// <param name="image">[N,C,h,w] in [-1, 1], -1 = air.</param>
    /// <returns>[N,1,H,W]: what to add to the bicubic image.</returns>
    public override Tensor forward(Tensor image)
    {
        using var scope = NewDisposeScope();
        var first = head.call(image + 1); // air is 0, as is what the convolutions pad with
        return last.call(up.call(first + body.call(first))).MoveToOuterDisposeScope();
    }
}
