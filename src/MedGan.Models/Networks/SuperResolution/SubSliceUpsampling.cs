using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks.SuperResolution;

/// <summary>
/// One step up along the slices: a 3x3x3 convolution to r times the channels, of which channel c r + i becomes slice i of the r that each slice turns into (1609.05158, equation 4, along one axis of
/// three), an activation.
/// </summary>
public sealed class SubSliceUpsampling : Module<Tensor, Tensor>, IUpsamplingStep
{
    private readonly int times;
    private readonly Conv3d conv;
    private readonly Module<Tensor, Tensor> activation;

    public SubSliceUpsampling(int inputs, int outputs, int times, Module<Tensor, Tensor> activation) : base(nameof(SubSliceUpsampling))
    {
        this.times = times;
        conv = Conv3d(inputs, outputs * times, 3, padding: 1);
        this.activation = activation;
        RegisterComponents();
    }

    /// <summary>To be called after the weights were drawn.</summary>
    public void EqualSubPixels() => ConvolutionInitialisation.EqualSubPixels(conv, times);

    /// <param name="maps">[N,C r,D,H,W].</param>
    /// <param name="times">r.</param>
    /// <returns>[N,C,r D,H,W].</returns>
    public static Tensor Rearrange(Tensor maps, int times)
    {
        var (n, channels, depth, height, width) = (maps.shape[0], maps.shape[1] / times, maps.shape[2], maps.shape[3], maps.shape[4]);
        using var split = maps.reshape(n, channels, times, depth, height, width);
        using var turned = split.permute(0, 1, 3, 2, 4, 5); // [N,C,D,r,H,W]
        return turned.reshape(n, channels, times * depth, height, width);
    }

    /// <param name="maps">[N,inputs,D,H,W].</param>
    /// <returns>[N,outputs,r D,H,W].</returns>
    public override Tensor forward(Tensor maps)
    {
        using var wide = conv.call(maps);
        using var deep = Rearrange(wide, times);
        return activation.call(deep);
    }
}
