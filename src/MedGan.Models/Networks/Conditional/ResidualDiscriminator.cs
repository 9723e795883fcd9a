using MedGan.Models.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks.Conditional;

/// <summary>
/// The residual discriminator of SAGAN (1805.08318) and BigGAN (1809.11096, figure 15c): blocks that halve the resolution down to 4 x 4, self-attention at one
/// resolution, the sum over places, and the projection head.
/// </summary>
public sealed class ResidualDiscriminator : ConditionalDiscriminator
{
    private readonly ModuleList<Module<Tensor, Tensor>> stages = [];
    private readonly ProjectionHead head;

    /// <param name="pyramid">Sizes.</param>
    /// <param name="classCount">Classes.</param>
    /// <param name="attentionResolution">Where self-attention is; 0 for none.</param>
    /// <param name="spectral">Spectral normalisation of every layer.</param>
    /// <param name="random">Draws the weights.</param>
    public ResidualDiscriminator(Pyramid pyramid, int classCount, int attentionResolution, bool spectral, SeededRandom random) : base(nameof(ResidualDiscriminator))
    {
        foreach (var resolution in pyramid.Resolutions.Skip(1).Reverse())
        {
            var first = resolution == pyramid.ImageSize;
            var to = pyramid.At(resolution / 2);
            stages.Add(new ResidualDownBlock(first ? pyramid.Channels : pyramid.At(resolution), to, first, spectral, random));
            if (resolution / 2 == attentionResolution && resolution > 8) stages.Add(new SelfAttention(to, random, spectral));
        }
        head = new ProjectionHead(pyramid.At(4), classCount, random, spectral);
        RegisterComponents();
    }

    public override Tensor Features(Tensor image)
    {
        using var scope = NewDisposeScope();
        var x = stages.Aggregate(image, (input, stage) => stage.call(input)); // [N,c,4,4]
        return functional.relu(x).sum([2, 3]).MoveToOuterDisposeScope();
    }

    public override Tensor Score(Tensor features, Tensor y) => head.call(features, y);
}

/// <summary>[N,c,h,w] -> [N,c',h/2,w/2] (1809.11096, figure 15c): ReLU, convolve, ReLU, convolve, halve; beside it convolve 1 x 1 and halve. An image itself is not rectified.</summary>
internal sealed class ResidualDownBlock : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> conv1, conv2, skip;
    private readonly bool ofImage;

    public ResidualDownBlock(int from, int to, bool ofImage, bool spectral, SeededRandom random) : base(nameof(ResidualDownBlock))
    {
        this.ofImage = ofImage;
        conv1 = SeededLayers.Conv(from, to, 3, random, SeededLayers.KeepsScale(9L * from, Math.Sqrt(2)), padding: 1, spectral: spectral);
        conv2 = SeededLayers.Conv(to, to, 3, random, SeededLayers.KeepsScale(9L * to, Math.Sqrt(2)), padding: 1, spectral: spectral);
        skip = SeededLayers.Conv(from, to, 1, random, SeededLayers.KeepsScale(from), spectral: spectral);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var change = conv2.call(functional.relu(conv1.call(ofImage ? x : functional.relu(x))));
        return functional.avg_pool2d(change + skip.call(x), 2L).MoveToOuterDisposeScope();
    }
}
