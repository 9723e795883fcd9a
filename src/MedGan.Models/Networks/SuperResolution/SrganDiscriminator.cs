using MedGan.Models.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks.SuperResolution;

/// <summary>
/// SRGAN's discriminator (Ledig et al., 1609.04802, figure 4): 3x3 convolutions w, w/2, 2w, 2w/2, 4w, 4w/2, 8w, 8w/2 (the second of each halves the resolution), batch
/// normalisation but in the first, LeakyReLU 0.2, a dense layer of 16w, one of 1. Used in training only, so batches are always normalised by themselves.
/// </summary>
public sealed class SrganDiscriminator : Module<Tensor, Tensor>
{
    private readonly Sequential layers;

    /// <param name="width">w, 64 in the paper.</param>
    /// <param name="patchSize">Pixels per side of what it judges: a multiple of 16, 96 in the paper.</param>
    /// <param name="channels">Of what it judges.</param>
    public SrganDiscriminator(int width, int patchSize, int channels = 1) : base(nameof(SrganDiscriminator))
    {
        if (patchSize < 16 || patchSize % 16 != 0) throw new ArgumentOutOfRangeException(nameof(patchSize), patchSize, "The discriminator judges patches whose sides are multiples of 16.");
        layers = Sequential();
        for (var i = 0; i < 8; i++)
        {
            var outputs = width << (i / 2);
            layers.append($"conv{i + 1}", Conv2d(channels, outputs, 3, stride: 1 + i % 2, padding: 1)); // after i = 1, 3, 5, 7: half the height and width
            if (i > 0) layers.append($"norm{i + 1}", BatchNorm2d(outputs, track_running_stats: false));
            layers.append($"act{i + 1}", LeakyReLU(0.2));
            channels = outputs;
        }
        layers.append("flat", Flatten());                                                              // [N,8w,P/16,P/16] -> [N,8w (P/16)^2]
        layers.append("dense1", Linear(channels * (patchSize / 16) * (patchSize / 16), 16 * width));
        layers.append("act9", LeakyReLU(0.2));
        layers.append("dense2", Linear(16 * width, 1));
        RegisterComponents();
    }

    public void Initialise(SeededRandom random) => ConvolutionInitialisation.HeNormal(this, random);

    /// <param name="image">[N,C,P,P] in [-1, 1].</param>
    /// <returns>[N,1], unbounded: C(x), large for real images.</returns>
    public override Tensor forward(Tensor image) => layers.call(image);
}
