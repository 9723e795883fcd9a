using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks;

/// <summary>
/// The 70x70 PatchGAN (Isola et al., 1611.07004, appendix 6.1.2; CycleGAN 1703.10593, appendix 7.2): C64-C128-C256-C512 with w in place of 64.
/// Each output value judges the 70x70 pixels around it.
/// </summary>
public sealed class PatchDiscriminator : Module<Tensor, Tensor>
{
    private readonly Sequential layers;

    /// <param name="width">w, the channels of the first layer.</param>
    /// <param name="channels">Of the input: the image, and what it is judged beside.</param>
    public PatchDiscriminator(int width, int channels = 1) : base(nameof(PatchDiscriminator))
    {
        layers = Sequential(
            ("conv1", Conv2d(channels, width, 4, stride: 2, padding: 1)),           // [N,C,H,W] -> [N,w,H/2,W/2]
            ("act1", LeakyReLU(0.2, inplace: true)),
            ("conv2", Conv2d(width, 2 * width, 4, stride: 2, padding: 1)),          // -> [N,2w,H/4,W/4]
            ("norm2", InstanceNorm2d(2 * width)),
            ("act2", LeakyReLU(0.2, inplace: true)),
            ("conv3", Conv2d(2 * width, 4 * width, 4, stride: 2, padding: 1)),      // -> [N,4w,H/8,W/8]
            ("norm3", InstanceNorm2d(4 * width)),
            ("act3", LeakyReLU(0.2, inplace: true)),
            ("conv4", Conv2d(4 * width, 8 * width, 4, stride: 1, padding: 1)),      // -> [N,8w,H/8-1,W/8-1]
            ("norm4", InstanceNorm2d(8 * width)),
            ("act4", LeakyReLU(0.2, inplace: true)),
            ("out", Conv2d(8 * width, 1, 4, stride: 1, padding: 1)));               // -> [N,1,H/8-2,W/8-2]
        RegisterComponents();
    }

    /// <param name="image">[N,C,H,W] in [-1, 1].</param>
    /// <returns>[N,1,H/8-2,W/8-2], unbounded: near 1 for real, near 0 for translated patches.</returns>
    public override Tensor forward(Tensor image) => layers.call(image);
}
