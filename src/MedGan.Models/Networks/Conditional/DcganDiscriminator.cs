using MedGan.Models.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks.Conditional;

/// <summary>
/// DCGAN's discriminator (Radford et al., 1511.06434, section 3): 4 x 4 convolutions of stride 2 and leaky ReLUs down to 4 x 4, and the projection head.
/// Normalised by batches as in the paper, spectrally as in 1802.05637, or not at all as in WGAN-GP (1704.00028, section 4).
/// </summary>
public sealed class DcganDiscriminator : ConditionalDiscriminator
{
    private readonly ModuleList<Sequential> stages = [];
    private readonly ProjectionHead head;

    /// <param name="pyramid">Sizes.</param>
    /// <param name="classCount">Classes.</param>
    /// <param name="normalisation">"batch", "spectral" or "none".</param>
    /// <param name="random">Draws the weights.</param>
    public DcganDiscriminator(Pyramid pyramid, int classCount, string normalisation, SeededRandom random) : base(nameof(DcganDiscriminator))
    {
        var spectral = normalisation == "spectral";
        foreach (var resolution in pyramid.Resolutions.Skip(1).Reverse())
        {
            var (from, to) = (resolution == pyramid.ImageSize ? pyramid.Channels : pyramid.At(resolution), pyramid.At(resolution / 2));
            // without batch normalisation a deviation of 0.02 would let the signal die
            var deviation = normalisation == "batch" ? 0.02 : SeededLayers.KeepsScale(16L * from, Math.Sqrt(2 / 1.04));
            var stage = Sequential(("conv", SeededLayers.Conv(from, to, 4, random, deviation, stride: 2, padding: 1, spectral: spectral))); // [N,c,h,w] -> [N,c',h/2,w/2]
            if (normalisation == "batch" && resolution != pyramid.ImageSize) stage.append("norm", BatchNorm2d(to));
            stage.append("act", LeakyReLU(0.2));
            stages.Add(stage);
        }
        head = new ProjectionHead(pyramid.At(4) * 16, classCount, random, spectral);
        RegisterComponents();
    }

    public override Tensor Features(Tensor image)
    {
        using var scope = NewDisposeScope();
        return stages.Aggregate(image, (x, stage) => stage.call(x)).flatten(1).MoveToOuterDisposeScope();
    }

    public override Tensor Score(Tensor features, Tensor y) => head.call(features, y);
}
