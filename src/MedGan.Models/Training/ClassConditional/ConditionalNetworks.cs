using MedGan.Models.Networks.Conditional;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>The networks that a class-conditional plan names: generator, discriminator and the averaged generator.</summary>
internal sealed class ConditionalNetworks : IDisposable
{
    public ConditionalNetworks(ClassConditionalPlan plan, Device device)
    {
        using var scope = NewDisposeScope();
        var random = new SeededRandom(plan.Seed, stream: 2);
        (G, D) = (Generator(plan, random), Discriminator(plan, random));
        Average = Generator(plan, new SeededRandom(plan.Seed, stream: 2)); // constant noise as the generator's
        foreach (var network in new nn.Module[] { G, D, Average }) Place(network, device);
        CycleGanNetworks.SetTrainable(false, Average);
        Average.eval();
    }

    public ConditionalGenerator G { get; }
    public ConditionalDiscriminator D { get; }
    public ConditionalGenerator Average { get; }

    public Dictionary<string, Tensor> Weights() => CycleGanNetworks.Weights([("generator", G), ("discriminator", D), ("average", Average)]);

    /// <summary>What a model folder holds: the averaged generator, and the discriminator for a transfer.</summary>
    public Dictionary<string, Tensor> ExportedWeights() => CycleGanNetworks.Weights([("generator", Average), ("discriminator", D)]);

    public static ConditionalGenerator Generator(ClassConditionalPlan plan, SeededRandom random)
    {
        var pyramid = new Pyramid(plan.ImageSize, plan.GeneratorWidth, plan.WidestLayer, plan.Channels);
        return plan.Method switch
        {
            "dcgan" or "wgan-gp" => new DcganGenerator(pyramid, plan.LatentDimensions, plan.Classes.Count, random),
            "sagan" or "biggan" => new ResidualGenerator(
                pyramid, plan.LatentDimensions, plan.Classes.Count, inPieces: plan.Method == "biggan", plan.AttentionResolution, plan.Settings.Normalisation == "spectral", random),
            "stylegan2-ada" => new StyleGan2Generator(pyramid, plan.LatentDimensions, plan.Classes.Count, plan.MappingDepth, random),
            _ => new R3ganGenerator(pyramid, plan.LatentDimensions, plan.Classes.Count, plan.BlocksPerStage, random),
        };
    }

    public static ConditionalDiscriminator Discriminator(ClassConditionalPlan plan, SeededRandom random)
    {
        var pyramid = new Pyramid(plan.ImageSize, plan.DiscriminatorWidth, plan.WidestLayer, plan.Channels);
        return plan.Method switch
        {
            "dcgan" or "wgan-gp" => new DcganDiscriminator(pyramid, plan.Classes.Count, plan.Settings.Normalisation, random),
            "sagan" or "biggan" => new ResidualDiscriminator(pyramid, plan.Classes.Count, plan.AttentionResolution, plan.Settings.Normalisation == "spectral", random),
            "stylegan2-ada" => new StyleGan2Discriminator(pyramid, plan.Classes.Count, plan.Settings.MinibatchDeviation, random),
            _ => new R3ganDiscriminator(pyramid, plan.Classes.Count, plan.BlocksPerStage, random),
        };
    }

    public static DifferentiableAugmentation Augmentation(ClassConditionalPlan plan) =>
        new(plan.AugmentShift, plan.AugmentRotationDegrees, plan.AugmentScale, plan.AugmentIntensity, plan.AugmentCutout, plan.AugmentFlip);

    /// <summary>Moves a network to a device and makes its weights its own: they live until it is disposed of, whatever scope it was made in.</summary>
    public static void Place(nn.Module network, Device device)
    {
        network.to(device);
        foreach (var parameter in network.parameters()) parameter.DetachFromDisposeScope();
        foreach (var buffer in network.buffers()) buffer.DetachFromDisposeScope();
    }

    public void Dispose()
    {
        G.Dispose();
        D.Dispose();
        Average.Dispose();
    }
}
