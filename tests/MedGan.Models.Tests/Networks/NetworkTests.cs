using MedGan.Models.Networks;
using MedGan.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Networks;

public class NetworkTests
{
    [Fact]
    public void Generator_KeepsShapeAndRange()
    {
        using var scope = NewDisposeScope();
        using var generator = new ResNetGenerator(4, 2);
        var output = generator.call(randn(2, 1, 36, 64));
        Assert.Equal([2, 1, 36, 64], output.shape);
        Assert.True(output.abs().max().ToSingle() <= 1);
    }

    [Fact]
    public void PixelPath_TellsBrightnessThatInstanceNormalisationTakesAway()
    {
        using var scope = NewDisposeScope();
        using var without = new ResNetGenerator(4, 1);
        using var with = new ResNetGenerator(4, 1, pixelPathWidth: 8);
        without.Initialise(new SeededRandom(1));
        with.Initialise(new SeededRandom(1));
        var image = rand(1, 1, 32, 32) - 0.5;
        var brighter = 0.8 * image + 0.3;
        double Difference(ResNetGenerator generator) => (generator.call(image) - generator.call(brighter)).abs().mean().ToDouble();
        Assert.True(Difference(with) > 20 * Difference(without), $"{Difference(with)} with, {Difference(without)} without");
    }

    [Fact]
    public void Discriminator_OfThe70PixelPatch_GivesThePapersMap()
    {
        using var scope = NewDisposeScope();
        using var discriminator = new PatchDiscriminator(4);
        Assert.Equal([3, 1, 6, 6], discriminator.call(zeros(3, 1, 64, 64)).shape);
        Assert.Equal([1, 1, 30, 30], discriminator.call(zeros(1, 1, 256, 256)).shape); // 1611.07004: 30 x 30 for 256 x 256
    }

    [Fact]
    public void Generator_OfThePapersSize_HasThePapersParameters()
    {
        using var generator = new ResNetGenerator(64, 9);
        // 7*7*64+64 + 9*64*128+128 + 9*128*256+256 + 9*2*(9*256*256+256) + 9*256*128+128 + 9*128*64+64 + 7*7*64+1
        Assert.Equal(11_365_633, generator.parameters().Sum(p => p.numel())); // the published three-channel network's 11,378,179 less 12,546 for two channels at either end
    }

    [Fact]
    public void Initialisation_HasTheStatedDeviation_AndNoBias()
    {
        using var scope = NewDisposeScope();
        using var generator = new ResNetGenerator(16, 2);
        Initialisation.Normal(generator, new SeededRandom(1));
        var parameters = generator.named_parameters().ToArray();
        var weights = parameters.Where(p => p.parameter.dim() > 1).SelectMany(p => p.parameter.detach().data<float>().ToArray()).ToArray();
        Assert.Equal(0.02, Math.Sqrt(weights.Average(w => (double)w * w)), 5e-4);
        Assert.All(parameters.Where(p => p.parameter.dim() == 1), p => Assert.Equal(0, p.parameter.detach().abs().max().ToSingle()));
    }

    [Fact]
    public void Translation_DoesNotDependOnTheBatch()
    {
        using var scope = NewDisposeScope();
        using var generator = new ResNetGenerator(4, 1);
        var batch = randn(3, 1, 32, 32);
        var (together, alone) = (generator.call(batch).narrow(0, 1, 1), generator.call(batch.narrow(0, 1, 1)));
        Assert.True((together - alone).abs().max().ToSingle() < 1e-5);
    }

    [Fact]
    public void Encoder_GivesUnitVectors()
    {
        using var scope = NewDisposeScope();
        using var encoder = new EncoderNetwork();
        var vectors = encoder.call(randn(4, 1, 48, 48));
        Assert.Equal([4, EncoderNetwork.Dimensions], vectors.shape);
        Assert.All(vectors.square().sum(1).data<float>().ToArray(), length => Assert.Equal(1, length, 1e-4f));
    }
}
