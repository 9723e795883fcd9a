using MedGan.Models.Networks;
using MedGan.Models.Networks.SuperResolution;
using MedGan.Models.Training;
using MedGan.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Networks;

public class SuperResolutionNetworkTests
{
    private static readonly Magnification Four = Magnification.InPlane(4);

    [Fact]
    public void Networks_OfGivenWeights_ComputeWhatPyTorchDoes()
    {
        using var scope = NewDisposeScope();
        void Check(string name, nn.Module<Tensor, Tensor> network, long[] input, double tolerance)
        {
            using (network)
            {
                SuperResolutionFixture.Fill(network);
                SuperResolutionFixture.AssertNetwork(name, network.call(SuperResolutionFixture.Wave(input)), tolerance);
            }
        }
        Check("srresnet_x4", new SrResNet(Four, 8, 2, 1, 4, batchNorm: false), [1, 1, 5, 6], 1e-4);
        Check("srresnet_rows_x3", new SrResNet(Magnification.ThroughPlane(3), 8, 1, 3, 8, batchNorm: false), [1, 3, 4, 7], 5e-4);
        Check("srresnet_x2_norm", new SrResNet(Magnification.InPlane(2), 8, 1, 1, 4, batchNorm: true), [2, 1, 4, 4], 1e-4);
        Check("rrdb_x4", new Rrdb(Four, 8, 1, 1, 4, growth: 4), [1, 1, 5, 6], 1e-4);
        Check("discriminator", new SrganDiscriminator(4, 32), [3, 1, 32, 32], 1e-4);
    }

    [Theory]
    [InlineData(2), InlineData(3), InlineData(4)]
    public void Generators_MakeImagesAsManyTimesLarger(int factor)
    {
        using var scope = NewDisposeScope();
        foreach (var times in (Magnification[])[Magnification.InPlane(factor), Magnification.ThroughPlane(factor)])
            foreach (var network in (nn.Module<Tensor, Tensor>[])[new SrResNet(times, 8, 1, 3, 4, batchNorm: false), new Rrdb(times, 8, 1, 3, 4, growth: 4)])
                using (network) Assert.Equal([2, 1, 5 * times.Rows, 7 * times.Columns], network.call(rand(2, 3, 5, 7)).shape);
    }

    [Fact]
    public void Rrdb_OfThePapersSize_HasThePublishedParameters()
    {
        using var network = new Rrdb(Four, 64, 23, 1, 64, growth: 32);
        // the published network has 16,697,987 for three channels; two channels less at either end, and sub-pixel convolutions in the place of two that keep the channels
        Assert.Equal(16_697_987 - 2 * 9 * 64 - 2 * (9 * 64 + 1) + 2 * 3 * (9 * 64 * 64 + 64), network.parameters().Sum(p => p.numel()));
    }

    [Fact]
    public void SubPixel_OfEqualFactors_IsPixelShuffle_AndThroughPlaneInterleavesRows()
    {
        using var scope = NewDisposeScope();
        var maps = rand(2, 18, 3, 5);
        Assert.True(SubPixel.Rearrange(maps, Magnification.InPlane(3)).equal(nn.PixelShuffle(3).call(maps)).all().ToBoolean());
        var rows = SubPixel.Rearrange(maps, Magnification.ThroughPlane(3)); // [2,6,9,5]
        for (var i = 0; i < 3; i++)
            Assert.True(rows.slice(2, i, 9, 3).equal(maps.slice(1, i, 18, 3)).all().ToBoolean());
    }

    [Fact]
    public void EqualSubPixels_BeginWithoutCheckerboard()
    {
        using var scope = NewDisposeScope();
        using var up = new SubPixelUpsampling(4, 4, Magnification.InPlane(2), nn.ReLU());
        ConvolutionInitialisation.HeNormal(up, new SeededRandom(1));
        var image = rand(1, 4, 6, 6);
        double Checkerboard() // between the pixels that one pixel became
        {
            var large = up.call(image);
            return (large.slice(2, 0, 12, 2) - large.slice(2, 1, 12, 2)).abs().max().ToDouble();
        }
        Assert.True(Checkerboard() > 0.1);
        up.EqualSubPixels();
        Assert.Equal(0, Checkerboard());
    }

    [Fact]
    public void Initialisation_BeginsAsTheBicubicImage()
    {
        using var scope = NewDisposeScope();
        foreach (var blocks in new[] { 1, 8 })
        {
            using var residual = new SrResNet(Four, 16, blocks, 1, 8, batchNorm: false);
            using var dense = new Rrdb(Four, 16, blocks, 1, 8, growth: 8);
            residual.Initialise(new SeededRandom(3));
            dense.Initialise(new SeededRandom(3));
            var image = 2 * rand(1, 1, 12, 12) - 1;
            foreach (var detail in (Tensor[])[residual.call(image), dense.call(image)])
                Assert.InRange(detail.square().mean().sqrt().ToDouble(), 1e-6, 0.35);
        }
    }

    [Theory]
    [InlineData(2, 2), InlineData(3, 3), InlineData(4, 4), InlineData(2, 1), InlineData(3, 1), InlineData(4, 1)]
    public void Bicubic_IsPillows(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        SuperResolutionFixture.AssertOperator($"bicubic_5x7_{rows}x{columns}", BicubicUpsampling.Of(SuperResolutionFixture.Image(5, 7, 0.3), new Magnification(rows, columns)), 2e-6);
    }

    [Fact]
    public void Bicubic_KeepsConstants_AndQuadraticsInside()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(0, (BicubicUpsampling.Of(full([1, 1, 4, 6], 0.7f), Four) - 0.7f).abs().max().ToDouble(), 1e-6);
        var x = arange(12).to(ScalarType.Float32); // Keys: exact for polynomials of degree 2
        var large = BicubicUpsampling.Of((0.1 * x.square()).reshape(1, 1, 1, 12).expand(1, 1, 5, 12), Four).narrow(3, 8, 32)[0, 0, 10];
        var fine = (arange(48).to(ScalarType.Float32) + 0.5) / 4 - 0.5;
        Assert.Equal(0, (large - 0.1 * fine.square().narrow(0, 8, 32)).abs().max().ToDouble(), 1e-4);
    }

    [Fact]
    public void Discriminator_OfAPatchThatCannotBeHalvedFourTimes_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SrganDiscriminator(4, 40));

    [Fact]
    public void MapsOfSqueezeNet_AreThoseThatPyTorchComputes()
    {
        Assert.SkipUnless(SharedData.Exists, SharedData.WhyAbsent);
        using var scope = NewDisposeScope();
        using var network = SqueezeNetMaps.Load(SharedData.Path("nets", "squeezenet_v1.0", "squeezenet_v1_0.safetensors"), CPU);
        foreach (var (map, expected) in network.Maps(SuperResolutionFixture.Wave([1, 1, 48, 40])).Zip(SuperResolutionFixture.SqueezeNet.EnumerateArray()))
        {
            Assert.Equal(expected.GetProperty("shape").EnumerateArray().Select(v => v.GetInt64()), map.shape);
            var deviation = expected.GetProperty("deviation").GetDouble();
            Assert.Equal(expected.GetProperty("mean").GetDouble(), map.mean().ToDouble(), 1e-4 * deviation);
            Assert.Equal(deviation, map.std(unbiased: false).ToDouble(), 1e-4 * deviation);
            Assert.Equal(expected.GetProperty("last").GetDouble(), map[0, -1, -1, -1].ToDouble(), 1e-3 * deviation);
        }
    }

    [Fact]
    public void MapsOfTheCohortsEncoder_AreOfFourResolutions_AndLetGradientsThrough()
    {
        using var scope = NewDisposeScope();
        using var encoder = new EncoderNetwork();
        var image = rand(2, 1, 48, 32).requires_grad_();
        var maps = encoder.Maps(image);
        Assert.Equal([(16L, 24L), (32, 12), (64, 6), (128, 3)], maps.Select(m => (m.shape[1], m.shape[2])));
        maps[^1].square().sum().backward();
        Assert.True(image.grad!.abs().sum().ToDouble() > 0);
    }
}
