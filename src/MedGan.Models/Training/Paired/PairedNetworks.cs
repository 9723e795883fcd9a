using MedGan.Models.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Training.Paired;

/// <summary>The networks that a plan names.</summary>
internal static class PairedNetworks
{
    /// <param name="plan">Names the network and its sizes.</param>
    /// <param name="random">Draws its weights; null leaves them as they come.</param>
    public static nn.Module<Tensor, Tensor> Generator(PairedTranslationPlan plan, SeededRandom? random)
    {
        if (plan.Method == "pix2pix")
        {
            var unet = new UNetGenerator(plan.GeneratorWidth, plan.ImageSize, plan.Slices, plan.Attention);
            if (random is not null) unet.Initialise(random);
            return unet;
        }
        var residual = new ResidualUNet(plan.GeneratorWidth, plan.Levels, plan.ResidualBlocks, plan.Slices, plan.Attention);
        if (random is not null) residual.Initialise(random);
        return residual;
    }

    /// <param name="plan">Says how wide it is.</param>
    /// <param name="random">Draws its weights.</param>
    public static PatchDiscriminator Discriminator(PairedTranslationPlan plan, SeededRandom random) => PatchDiscriminator.Drawn(plan, plan.Slices + 1, random);

    /// <summary>An image for the k-th of several discriminators: k times halved by averaging 3x3 pixels (pix2pixHD, 1711.11585).</summary>
    public static Tensor Halved(Tensor image, int times)
    {
        for (var k = 0; k < times; k++) image = nn.functional.avg_pool2d(image, 3, 2, 1, count_include_pad: false);
        return image;
    }
}
