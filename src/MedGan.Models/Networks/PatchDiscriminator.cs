using MedGan.Models.Regularizers;
using MedGan.Models.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks;

/// <summary>
/// The 70x70 PatchGAN (Isola et al., 1611.07004, appendix 6.1.2; CycleGAN 1703.10593, appendix 7.2): C64-C128-C256-C512 with w in place of 64.
/// Each output value judges the 70x70 pixels around it.
/// </summary>
public sealed class PatchDiscriminator : Module<Tensor, Tensor>, IFeatureMaps
{
    private readonly Sequential layers;

    /// <param name="width">w, the channels of the first layer.</param>
    /// <param name="channels">Of the input: the image, and what it is judged beside.</param>
    /// <param name="spectral">
    /// Where given, it draws the weights, and every convolution is <see cref="SpectralNorm">spectrally normalised</see> (1802.05957; as SN-PatchGAN, 1806.03589, section 3.3): without instance
    /// normalisation, which divides a layer's scale out again.
    /// </param>
    public PatchDiscriminator(int width, int channels = 1, SeededRandom? spectral = null) : base(nameof(PatchDiscriminator))
    {
        layers = Sequential();
        void Add(int i, long from, long to, int stride)
        {
            layers.append($"conv{i}", Conv(from, to, stride, spectral));
            if (i > 1 && spectral is null) layers.append($"norm{i}", InstanceNorm2d(to));
            layers.append($"act{i}", LeakyReLU(0.2, inplace: true));
        }
        Add(1, channels, width, stride: 2);                             // [N,C,H,W] -> [N,w,H/2,W/2]
        Add(2, width, 2 * width, stride: 2);                            // -> [N,2w,H/4,W/4]
        Add(3, 2 * width, 4 * width, stride: 2);                        // -> [N,4w,H/8,W/8]
        Add(4, 4 * width, 8 * width, stride: 1);                        // -> [N,8w,H/8-1,W/8-1]
        layers.append("out", Conv(8 * width, 1, 1, spectral));          // -> [N,1,H/8-2,W/8-2]
        RegisterComponents();
    }

    /// <summary>With weights from N(0, 0.02).</summary>
    internal static PatchDiscriminator Drawn(TranslationPlan plan, int channels, SeededRandom random)
    {
        var discriminator = new PatchDiscriminator(plan.DiscriminatorWidth, channels, plan.SpectralNorm ? random : null);
        if (!plan.SpectralNorm) Initialisation.Normal(discriminator, random);
        return discriminator;
    }

    /// <param name="image">[N,C,H,W] in [-1, 1].</param>
    /// <returns>[N,1,H/8-2,W/8-2], unbounded: near 1 for real, near 0 for translated patches.</returns>
    public override Tensor forward(Tensor image) => layers.call(image);

    /// <summary>What the four layers give after their activation, and the scores.</summary>
    /// <param name="image">[N,C,H,W].</param>
    /// <returns>[N,w,H/2,W/2] .. [N,8w,H/8-1,W/8-1], [N,1,H/8-2,W/8-2].</returns>
    public IReadOnlyList<Tensor> Maps(Tensor image)
    {
        using var scope = NewDisposeScope();
        var maps = new List<Tensor>();
        foreach (var layer in layers.children().Cast<Module<Tensor, Tensor>>())
        {
            image = layer.call(image);
            if (layer is LeakyReLU) maps.Add(image);
        }
        return [.. maps.Append(image).Select(m => m.MoveToOuterDisposeScope())];
    }

    // the first directions of the power iteration fit the weights, so these are drawn first
    private static Module<Tensor, Tensor> Conv(long from, long to, int stride, SeededRandom? spectral)
    {
        var conv = Conv2d(from, to, 4, stride, padding: 1);
        if (spectral is null) return conv;
        Initialisation.Normal(conv, spectral);
        return new SpectralNorm(conv, spectral);
    }
}
