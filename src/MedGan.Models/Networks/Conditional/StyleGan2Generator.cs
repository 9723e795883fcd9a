using MedGan.Models.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks.Conditional;

/// <summary>
/// StyleGAN2's generator (Karras et al., 1912.04958, sections 2 and 4, configuration E/F): a mapping network from z and the class to the style w, a learned 4 x 4
/// constant, two styled layers at each resolution - the first after doubling -, and skip connections: the image is the sum over resolutions of what
/// each adds to it. No tanh; weights of equalised learning rate.
/// </summary>
public sealed class StyleGan2Generator : ConditionalGenerator
{
    private readonly MappingNetwork mapping;
    private readonly Parameter constant; // [1,C,4,4]
    private readonly ModuleList<StyledConv> layers = [];
    private readonly ModuleList<ModulatedConv> toImage = [];
    private readonly int[] resolutions;

    /// <param name="pyramid">Sizes.</param>
    /// <param name="latentDimensions">Z and W.</param>
    /// <param name="classCount">Classes.</param>
    /// <param name="mappingDepth">Layers of the mapping network.</param>
    /// <param name="random">Draws the weights.</param>
    public StyleGan2Generator(Pyramid pyramid, int latentDimensions, int classCount, int mappingDepth, SeededRandom random) : base(nameof(StyleGan2Generator), latentDimensions)
    {
        resolutions = [.. pyramid.Resolutions];
        mapping = new MappingNetwork(latentDimensions, latentDimensions, classCount, mappingDepth, random);
        constant = new Parameter(SeededTensors.Normal([1, pyramid.At(4), 4, 4], random));
        foreach (var resolution in resolutions)
        {
            var channels = pyramid.At(resolution);
            if (resolution > 4) layers.Add(new StyledConv(pyramid.At(resolution / 2), channels, resolution, latentDimensions, random));
            layers.Add(new StyledConv(channels, channels, resolution, latentDimensions, random));
            toImage.Add(new ModulatedConv(channels, pyramid.Channels, 1, latentDimensions, demodulate: false, random));
        }
        RegisterComponents();
    }

    /// <summary>L, how many styles an image takes: one for each styled layer, coarse to fine. What turns a resolution into an image shares that of the layer after it, the last that of the last.</summary>
    public int StyleCount => layers.Count;

    /// <summary>Where the noise of every image comes from; null, as at first, for the same noise always, which is a part of the weights.</summary>
    public SeededRandom? Noise { get; set; }

    /// <param name="latent">z, [N,Z].</param>
    /// <param name="y">[N].</param>
    /// <returns>w, [N,W].</returns>
    public Tensor Map(Tensor latent, Tensor y) => mapping.call(latent, y);

    /// <param name="styles">[N,L,W], one w for each layer.</param>
    /// <returns>[N,C,H,W].</returns>
    public Tensor Synthesise(Tensor styles)
    {
        using var scope = NewDisposeScope();
        var n = styles.shape[0];
        var x = constant.expand(n, -1, -1, -1);
        Tensor? image = null;
        var at = 0;
        foreach (var (i, resolution) in resolutions.Index())
        {
            for (var layer = i == 0 ? 1 : 0; layer < 2; layer++, at++)
            {
                var input = i > 0 && layer == 0 ? Resampling.Up(x) : x;
                x = layers[at].call(input, styles.select(1, at), NoiseOf(layers[at], n));
            }
            var added = toImage[i].call(x, styles.select(1, Math.Min(at, StyleCount - 1)));
            image = image is null ? added : Resampling.Up(image) + added;
        }
        return image!.MoveToOuterDisposeScope();
    }

    public override Tensor forward(Tensor latent, Tensor y)
    {
        using var scope = NewDisposeScope();
        return Synthesise(Map(latent, y).unsqueeze(1).expand(-1, StyleCount, -1)).MoveToOuterDisposeScope();
    }

    /// <summary>The matrices A of all styled layers one below the other, [rows,W]: what a step in w does to the styles first.</summary>
    public Tensor StyleWeights()
    {
        using var scope = NewDisposeScope();
        return cat([.. layers.Select(layer => layer.Conv.Style.Scaled)]).detach().MoveToOuterDisposeScope();
    }

    private Tensor NoiseOf(StyledConv layer, long n)
    {
        var constantNoise = layer.ConstantNoise;
        return Noise is null ? constantNoise : SeededTensors.Normal([n, 1, constantNoise.shape[2], constantNoise.shape[3]], Noise, constantNoise.device);
    }
}
