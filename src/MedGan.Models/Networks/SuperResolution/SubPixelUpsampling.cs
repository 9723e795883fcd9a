using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks.SuperResolution;

/// <summary>One step up: a 3x3 convolution to r s times the channels, sub-pixel rearrangement, an activation (1609.04802, figure 4).</summary>
public sealed class SubPixelUpsampling : Module<Tensor, Tensor>, IUpsamplingStep
{
    private readonly Magnification times;
    private readonly Conv2d conv;
    private readonly Module<Tensor, Tensor> activation;

    public SubPixelUpsampling(int inputs, int outputs, Magnification times, Module<Tensor, Tensor> activation) : base(nameof(SubPixelUpsampling))
    {
        this.times = times;
        conv = Conv2d(inputs, outputs * times.Area, 3, padding: 1);
        this.activation = activation;
        RegisterComponents();
    }

    /// <summary>To be called after the weights were drawn.</summary>
    public void EqualSubPixels() => ConvolutionInitialisation.EqualSubPixels(conv, times.Area);

    /// <param name="maps">[N,inputs,H,W].</param>
    /// <returns>[N,outputs,r H,s W].</returns>
    public override Tensor forward(Tensor maps)
    {
        using var wide = conv.call(maps); // [N,outputs r s,H,W]
        using var large = SubPixel.Rearrange(wide, times);
        return activation.call(large);
    }
}
