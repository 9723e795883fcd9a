using MedGan.Models.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>The four networks of a CycleGAN and the averaged copies of its two generators.</summary>
internal sealed class CycleGanNetworks : IDisposable
{
    public CycleGanNetworks(CycleGanPlan plan, Device device)
    {
        using var scope = NewDisposeScope();
        (AToB, BToA) = (Generator(plan), Generator(plan));
        (DiscriminatorA, DiscriminatorB) = (Discriminator(plan), Discriminator(plan));
        (AverageAToB, AverageBToA) = (Generator(plan), Generator(plan));
        var random = new SeededRandom(plan.Seed, stream: 2);
        foreach (var generator in new[] { AToB, BToA }) generator.Initialise(random);
        foreach (var discriminator in new[] { DiscriminatorA, DiscriminatorB }) Initialisation.Normal(discriminator, random);
        foreach (var (_, network) in Named()) Place(network, device);
        ExponentialMovingAverage.Update(AverageAToB, AToB, decay: 0, step: 0);
        ExponentialMovingAverage.Update(AverageBToA, BToA, decay: 0, step: 0);
        SetTrainable(false, AverageAToB, AverageBToA);
    }

    public ResNetGenerator AToB { get; }
    public ResNetGenerator BToA { get; }
    public PatchDiscriminator DiscriminatorA { get; }
    public PatchDiscriminator DiscriminatorB { get; }
    public ResNetGenerator AverageAToB { get; }
    public ResNetGenerator AverageBToA { get; }

    /// <summary>Every weight and buffer by name, "aToB.layers.in.weight" and so on; owned by the networks.</summary>
    public Dictionary<string, Tensor> Weights() => Weights(Named());

    /// <summary>The averaged generators' weights, named as in a model folder.</summary>
    public Dictionary<string, Tensor> ExportedWeights() => Weights([("aToB", AverageAToB), ("bToA", AverageBToA)]);

    public static ResNetGenerator Generator(CycleGanPlan plan) => new(plan.GeneratorWidth, plan.ResidualBlocks, plan.InputChannels, plan.PixelPathWidth);

    public static PatchDiscriminator Discriminator(CycleGanPlan plan) => new(plan.DiscriminatorWidth, plan.InputChannels);

    /// <summary>Moves a network to a device and makes its weights its own: they live until it is disposed of, whatever scope it was made in.</summary>
    public static void Place(nn.Module network, Device device)
    {
        network.to(device);
        ChannelsLast.Weights(network);
        foreach (var parameter in network.parameters()) parameter.DetachFromDisposeScope();
        foreach (var buffer in network.buffers()) buffer.DetachFromDisposeScope();
    }

    public static void SetTrainable(bool trainable, params nn.Module[] networks)
    {
        foreach (var network in networks)
            foreach (var parameter in network.parameters()) parameter.requires_grad = trainable;
    }

    public void Dispose()
    {
        foreach (var (_, network) in Named()) network.Dispose();
    }

    private IEnumerable<(string Name, nn.Module Network)> Named() =>
    [
        ("aToB", AToB), ("bToA", BToA), ("discriminatorA", DiscriminatorA), ("discriminatorB", DiscriminatorB),
        ("averageAToB", AverageAToB), ("averageBToA", AverageBToA),
    ];

    public static Dictionary<string, Tensor> Weights(IEnumerable<(string Name, nn.Module Network)> networks)
    {
        var weights = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (prefix, network) in networks)
            foreach (var (name, weight) in network.state_dict()) weights.Add($"{prefix}.{name}", weight);
        return weights;
    }
}
