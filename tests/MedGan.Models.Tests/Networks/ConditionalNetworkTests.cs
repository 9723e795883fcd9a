using MedGan.Models.Networks.Conditional;
using MedGan.Models.Tests.Training.ClassConditional;
using MedGan.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Networks;

public class ConditionalNetworkTests
{
    public static TheoryData<string> Methods => [.. ConditionalSettings.Methods.Keys];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Networks_OfEverySize_MakeAndJudgeImages(string method)
    {
        foreach (var size in new[] { 16, 64 })
            foreach (var channels in new[] { 1, 3 })
            {
                using var scope = NewDisposeScope();
                var plan = TinyClasses.Plan(method) with { ImageSize = size, Channels = channels, AttentionResolution = 8, LatentDimensions = 15 };
                using var networks = new ConditionalNetworks(plan, CPU);
                var y = tensor(new long[] { 0, 1, 1 });
                var images = networks.G.call(SeededTensors.Normal([3, 15], new SeededRandom(2)), y);
                Assert.Equal([3, channels, size, size], images.shape);
                Assert.Equal([3], networks.D.call(images, y).shape);
                Assert.InRange(images.std().item<float>(), 1e-4f, 10f);
            }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void EveryWeight_HasAGradient_AndTheClassCounts(string method)
    {
        using var scope = NewDisposeScope();
        using var networks = new ConditionalNetworks(TinyClasses.Plan(method), CPU);
        Open(networks);
        var (z, y) = (SeededTensors.Normal([4, 15], new SeededRandom(2)), tensor(new long[] { 0, 1, 1, 0 }));
        var images = networks.G.call(z, y);
        networks.D.call(images, y).square().sum().backward();
        foreach (var network in new nn.Module[] { networks.G, networks.D })
            foreach (var (name, parameter) in network.named_parameters())
                Assert.True(parameter.grad is { } gradient && gradient.abs().sum().item<float>() > 0 && double.IsFinite(gradient.sum().item<float>()), $"{method}: {name} has no gradient");
        using var noGrad = no_grad();
        networks.G.eval();
        networks.D.eval();
        var one = z.narrow(0, 0, 1);
        Assert.NotEqual(0, (networks.G.call(one, tensor(new long[] { 0 })) - networks.G.call(one, tensor(new long[] { 1 }))).abs().max().item<float>());
        Assert.NotEqual(networks.D.call(images, y)[0].item<float>(), networks.D.call(images, 1 - y)[0].item<float>());
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void OneSeed_GivesOneNetwork(string method)
    {
        using var scope = NewDisposeScope();
        using var first = new ConditionalNetworks(TinyClasses.Plan(method), CPU);
        using var second = new ConditionalNetworks(TinyClasses.Plan(method), CPU);
        using var other = new ConditionalNetworks(TinyClasses.Plan(method) with { Seed = 6 }, CPU);
        static float[] Values(ConditionalNetworks networks) => [.. networks.Weights().Values.SelectMany(w => w.detach().to(ScalarType.Float32).flatten().data<float>().ToArray())];
        Assert.Equal(Values(first), Values(second));
        Assert.NotEqual(Values(first), Values(other));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void DeepNetwork_AtFirst_KeepsTheSignalsScale(string method)
    {
        using var scope = NewDisposeScope();
        using var networks = new ConditionalNetworks(TinyClasses.Plan(method) with { ImageSize = 128, LatentDimensions = 60, GeneratorWidth = 8, DiscriminatorWidth = 8, WidestLayer = 64 }, CPU);
        var y = tensor(new long[] { 0, 1, 0, 1 });
        var images = networks.G.call(SeededTensors.Normal([4, 60], new SeededRandom(2)), y);
        Assert.InRange(images.std().item<float>(), 0.003f, 4);
        var scores = networks.D.call(SeededTensors.Normal([4, 1, 128, 128], new SeededRandom(3)), y);
        Assert.InRange(scores.abs().max().item<float>(), 1e-3f, 30);
    }

    [Fact]
    public void StyleGan2_Noise_ChangesImagesOfEqualStyles_OnlyWhereItIsDrawn()
    {
        using var scope = NewDisposeScope();
        using var network = new StyleGan2Generator(new Pyramid(16, 8, 8), 8, 1, 2, new SeededRandom(1));
        using (no_grad())
            foreach (var (name, parameter) in network.named_parameters())
                if (name.EndsWith("strength", StringComparison.Ordinal)) parameter.fill_(0.5f);
        var (z, y) = (SeededTensors.Normal([1, 8], new SeededRandom(2)), zeros(1, dtype: ScalarType.Int64));
        float[] Image() => network.call(z, y).detach().flatten().data<float>().ToArray();
        Assert.Equal(Image(), Image());
        network.Noise = new SeededRandom(3);
        Assert.NotEqual(Image(), Image());
    }

    [Fact]
    public void Pyramid_DoublesChannelsAsResolutionHalves_UpToTheWidest()
    {
        var pyramid = new Pyramid(64, 16, 100);
        Assert.Equal([4, 8, 16, 32, 64], pyramid.Resolutions);
        Assert.Equal([100, 100, 64, 32, 16], pyramid.Resolutions.Select(pyramid.At));
    }

    // what starts at zero shall not hide what comes before it
    private static void Open(ConditionalNetworks networks)
    {
        using var noGrad = no_grad();
        var random = new SeededRandom(9);
        foreach (var network in new nn.Module[] { networks.G, networks.D })
            foreach (var (_, parameter) in network.named_parameters())
                if (parameter.abs().max().item<float>() == 0) parameter.copy_(SeededTensors.Normal(parameter.shape, random) * 0.1);
    }
}
