using MedGan.Models.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks.Conditional;

/// <summary>
/// The residual generator of SAGAN (1805.08318, section 4) and BigGAN (1809.11096, figure 15): blocks that double the resolution, conditional batch
/// normalisation, self-attention at one resolution, spectral normalisation. In BigGAN's form the latent is cut into pieces, one for the start and one for each
/// block, where it joins the class's vector, which all blocks share.
/// </summary>
public sealed class ResidualGenerator : ConditionalGenerator
{
    private readonly Module<Tensor, Tensor> classes, first, last;
    private readonly ModuleList<ResidualUpBlock> blocks = [];
    private readonly SelfAttention? attention;
    private readonly BatchNorm2d lastNorm;
    private readonly int attentionAfter, piece, widest;
    private readonly bool inPieces;

    /// <param name="pyramid">Sizes.</param>
    /// <param name="latentDimensions">Z; in pieces, a multiple of their number.</param>
    /// <param name="classCount">Classes.</param>
    /// <param name="inPieces">Whether the latent goes to every block (BigGAN) or to the start alone (SAGAN).</param>
    /// <param name="attentionResolution">Where self-attention is; 0 for none.</param>
    /// <param name="spectral">Spectral normalisation of every layer.</param>
    /// <param name="random">Draws the weights.</param>
    public ResidualGenerator(Pyramid pyramid, int latentDimensions, int classCount, bool inPieces, int attentionResolution, bool spectral, SeededRandom random)
        : base(nameof(ResidualGenerator), latentDimensions)
    {
        this.inPieces = inPieces;
        var resolutions = pyramid.Resolutions.ToArray();
        piece = inPieces ? latentDimensions / resolutions.Length : latentDimensions;
        var shared = Math.Max(16, piece);
        widest = pyramid.At(4);
        classes = SeededLayers.Classes(classCount, shared, random);
        first = SeededLayers.Linear(piece, widest * 16, random, SeededLayers.KeepsScale(piece), spectral: spectral);
        foreach (var resolution in resolutions[1..])
            blocks.Add(new ResidualUpBlock(pyramid.At(resolution / 2), pyramid.At(resolution), inPieces ? shared + piece : shared, spectral, random));
        attentionAfter = Array.IndexOf(resolutions, attentionResolution);
        if (attentionAfter > 0) attention = new SelfAttention(pyramid.At(attentionResolution), random, spectral);
        lastNorm = BatchNorm2d(pyramid.Width);
        last = SeededLayers.Conv(pyramid.Width, pyramid.Channels, 3, random, SeededLayers.KeepsScale(9L * pyramid.Width), padding: 1, spectral: spectral);
        RegisterComponents();
    }

    public override Tensor forward(Tensor latent, Tensor y)
    {
        using var scope = NewDisposeScope();
        var shared = classes.call(y);
        var x = first.call(inPieces ? latent.narrow(1, 0, piece) : latent).reshape(-1, widest, 4, 4);
        for (var i = 0; i < blocks.Count; i++)
        {
            x = blocks[i].call(x, inPieces ? cat([shared, latent.narrow(1, (i + 1) * piece, piece)], 1) : shared);
            if (attention is not null && i + 1 == attentionAfter) x = attention.call(x);
        }
        return last.call(functional.relu(lastNorm.call(x))).tanh().MoveToOuterDisposeScope();
    }
}

/// <summary>[N,c,h,w] and a condition [N,K] -> [N,c',2h,2w] (1809.11096, figure 15b): normalise, ReLU, double, convolve, normalise, ReLU, convolve; beside it double and convolve 1 x 1.</summary>
internal sealed class ResidualUpBlock : Module<Tensor, Tensor, Tensor>
{
    private readonly ConditionalBatchNorm norm1, norm2;
    private readonly Module<Tensor, Tensor> conv1, conv2, skip;

    public ResidualUpBlock(int from, int to, int conditionDimensions, bool spectral, SeededRandom random) : base(nameof(ResidualUpBlock))
    {
        norm1 = new ConditionalBatchNorm(from, conditionDimensions, random, spectral);
        norm2 = new ConditionalBatchNorm(to, conditionDimensions, random, spectral);
        conv1 = SeededLayers.Conv(from, to, 3, random, SeededLayers.KeepsScale(9L * from), padding: 1, spectral: spectral);
        conv2 = SeededLayers.Conv(to, to, 3, random, SeededLayers.KeepsScale(9L * to), padding: 1, spectral: spectral);
        skip = SeededLayers.Conv(from, to, 1, random, SeededLayers.KeepsScale(from), spectral: spectral);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor condition)
    {
        using var scope = NewDisposeScope();
        var change = conv1.call(Resampling.Repeat(functional.relu(norm1.call(x, condition))));
        change = conv2.call(functional.relu(norm2.call(change, condition)));
        return (change + Resampling.Repeat(skip.call(x))).MoveToOuterDisposeScope();
    }
}
