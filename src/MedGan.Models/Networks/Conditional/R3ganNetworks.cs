using MedGan.Models.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks.Conditional;

/// <summary>
/// R3GAN's generator (Huang et al., 2501.05441): a learned 4 x 4 basis whose channels are multiplied by a linear map of the latent and the class's vector, stages of residual blocks,
/// a 1 x 1 convolution to the image. No normalisation, no styles, no noise, no tanh.
/// </summary>
public sealed class R3ganGenerator : ConditionalGenerator
{
    private readonly Module<Tensor, Tensor>? classes;
    private readonly Module<Tensor, Tensor> first, last;
    private readonly Parameter basis; // [C,4,4]
    private readonly ModuleList<R3ganBlock> blocks = [];
    private readonly ModuleList<R3ganStage> stages = [];

    /// <param name="pyramid">Sizes; widths are multiples of 8.</param>
    /// <param name="latentDimensions">Z; the class has as many.</param>
    /// <param name="classCount">Classes.</param>
    /// <param name="blocksPerStage">Residual blocks at each resolution.</param>
    /// <param name="random">Draws the weights.</param>
    public R3ganGenerator(Pyramid pyramid, int latentDimensions, int classCount, int blocksPerStage, SeededRandom random) : base(nameof(R3ganGenerator), latentDimensions)
    {
        var resolutions = pyramid.Resolutions.ToArray();
        var all = resolutions.Length * blocksPerStage;
        var inputs = classCount > 1 ? 2 * latentDimensions : latentDimensions;
        if (classCount > 1) classes = SeededLayers.Classes(classCount, latentDimensions, random);
        basis = new Parameter(SeededTensors.Normal([pyramid.At(4), 4, 4], random));
        first = SeededLayers.Linear(inputs, pyramid.At(4), random, SeededLayers.KeepsScale(inputs), bias: false);
        for (var i = 0; i < blocksPerStage; i++) blocks.Add(new R3ganBlock(pyramid.At(4), all, random));
        foreach (var resolution in resolutions[1..])
            stages.Add(new R3ganStage(pyramid.At(resolution / 2), pyramid.At(resolution), up: true, blocksPerStage, all, random));
        last = SeededLayers.Conv(pyramid.Width, pyramid.Channels, 1, random, SeededLayers.KeepsScale(pyramid.Width), bias: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor latent, Tensor y)
    {
        using var scope = NewDisposeScope();
        var input = classes is null ? latent : cat([latent, classes.call(y)], 1);
        var x = basis * first.call(input).unsqueeze(2).unsqueeze(3); // [N,C,4,4]
        x = blocks.Aggregate(x, (z, block) => block.call(z));
        return last.call(stages.Aggregate(x, (z, stage) => stage.call(z))).MoveToOuterDisposeScope();
    }
}

/// <summary>R3GAN's discriminator (2501.05441), the generator's mirror: a 1 x 1 convolution from the image, stages of residual blocks, a weighted sum over the last 4 x 4 of each channel, the projection head.</summary>
public sealed class R3ganDiscriminator : ConditionalDiscriminator
{
    private readonly ModuleList<Module<Tensor, Tensor>> stages = [];
    private readonly Parameter basis; // [C,4,4]
    private readonly ProjectionHead head;

    /// <param name="pyramid">Sizes; widths are multiples of 8.</param>
    /// <param name="classCount">Classes.</param>
    /// <param name="blocksPerStage">Residual blocks at each resolution.</param>
    /// <param name="random">Draws the weights.</param>
    public R3ganDiscriminator(Pyramid pyramid, int classCount, int blocksPerStage, SeededRandom random) : base(nameof(R3ganDiscriminator))
    {
        var resolutions = pyramid.Resolutions.ToArray();
        var all = resolutions.Length * blocksPerStage;
        stages.Add(SeededLayers.Conv(pyramid.Channels, pyramid.Width, 1, random, SeededLayers.KeepsScale(pyramid.Channels), bias: false));
        foreach (var resolution in resolutions[1..].Reverse())
            stages.Add(new R3ganStage(pyramid.At(resolution), pyramid.At(resolution / 2), up: false, blocksPerStage, all, random));
        for (var i = 0; i < blocksPerStage; i++) stages.Add(new R3ganBlock(pyramid.At(4), all, random));
        basis = new Parameter(SeededTensors.Normal([pyramid.At(4), 4, 4], random).mul_(SeededLayers.KeepsScale(16)));
        head = new ProjectionHead(pyramid.At(4), classCount, random);
        RegisterComponents();
    }

    public override Tensor Features(Tensor image)
    {
        using var scope = NewDisposeScope();
        var x = stages.Aggregate(image, (input, stage) => stage.call(input)); // [N,C,4,4]
        return (x * basis).sum([2, 3]).MoveToOuterDisposeScope();
    }

    public override Tensor Score(Tensor features, Tensor y) => head.call(features, y);
}
