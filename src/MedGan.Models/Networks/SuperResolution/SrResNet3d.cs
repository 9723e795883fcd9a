using MedGan.Models.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks.SuperResolution;

/// <summary>
/// <see cref="SrResNet"/> for volumes whose slices become thinner (three dimensions as in Chen et al., 1803.01417; blocks and steps up as in 1609.04802, figure 4): k3-w, B residual blocks of w, k3-w beside
/// the identity, sub-pixel steps along the slices, k3-1. It gives the detail that <see cref="BicubicUpsampling"/> lacks.
/// </summary>
public sealed class SrResNet3d : Module<Tensor, Tensor>
{
    private readonly Sequential head, body, up;
    private readonly Conv3d last;

    /// <param name="factor">How many times more slices, 2 .. 4.</param>
    /// <param name="width">w.</param>
    /// <param name="blocks">B.</param>
    /// <param name="tailWidth">Channels where there are more slices.</param>
    public SrResNet3d(int factor, int width, int blocks, int tailWidth) : base(nameof(SrResNet3d))
    {
        head = Sequential(("conv", Conv3d(1, width, 3, padding: 1)), ("act", PReLU(1)));                      // [N,1,D,H,W] -> [N,w,D,H,W]
        body = Sequential();
        for (var i = 0; i < blocks; i++) body.append($"block{i}", new SrResidualBlock(width, batchNorm: false, dimensions: 3)); // -> the same
        body.append("conv", Conv3d(width, width, 3, padding: 1));
        up = Sequential();
        foreach (var (i, step) in Magnification.ThroughPlane(factor).Steps.Index())
            up.append($"step{i}", new SubSliceUpsampling(i == 0 ? width : tailWidth, tailWidth, step.Rows, PReLU(1))); // -> [N,t,f D,H,W]
        last = Conv3d(tailWidth, 1, 3, padding: 1);                                                             // -> [N,1,f D,H,W]
        RegisterComponents();
    }

    /// <summary>He's, but a tenth of it in the blocks and a hundredth in the last layer; equal sub-slices.</summary>
    public void Initialise(SeededRandom random) => ConvolutionInitialisation.SmallResiduals(this, body, last, up, random);

    /// <param name="volume">[N,1,D,H,W] in [-1, 1], -1 = air.</param>
    /// <returns>[N,1,f D,H,W]: what to add to the bicubic volume.</returns>
    public override Tensor forward(Tensor volume)
    {
        using var scope = NewDisposeScope();
        var first = head.call(volume + 1); // air is 0, as is what the convolutions pad with
        return last.call(up.call(first + body.call(first))).MoveToOuterDisposeScope();
    }
}
