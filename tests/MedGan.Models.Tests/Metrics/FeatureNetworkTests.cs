using MedGan.Models.Checkpoints;
using MedGan.Models.Metrics;
using MedGan.Models.Tests.Training;
using MedGan.Models.Training;
using MedGan.Testing;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Metrics;

public class FeatureNetworkTests
{
    [Theory]
    [InlineData(227, 227)]
    [InlineData(150, 301)]
    public void SqueezeNet_FormulaImage_GivesPyTorchsFeatures(int height, int width)
    {
        using var network = SqueezeNet(); // bench/peers/squeezenet.py
        var image = new GreyImage(height, width, [.. from j in Enumerable.Range(0, height) from i in Enumerable.Range(0, width) select (float)(Math.Sin(0.05 * i + 0.03 * j) * Math.Cos(0.002 * i * j))]);
        var features = network.Embed([image]).Single();
        var theirs = Peer.Fixture("squeezenet").GetProperty($"{height}x{width}");
        Assert.Equal((512, 32), (features.Length, theirs.GetArrayLength()));
        for (var i = 0; i < 32; i++) Peer.Agree(theirs[i], 16 * features[16 * i], 1e-4, $"feature {16 * i}");
    }

    [Fact]
    public void SqueezeNet_ManyImages_EachHasItsOwnFeatures()
    {
        using var network = SqueezeNet();
        var images = Enumerable.Range(0, 9).Select(i => new GreyImage(32, 32, TinyCohort.Disc(i, 0.8f, 0.2f).Pixels)).ToArray();
        var together = network.Embed(images);
        foreach (var i in new[] { 0, 7, 8 })
            Assert.All(together[i].Zip(network.Embed([images[i]])[0]), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
        Assert.NotEqual(together[0], together[8]);
    }

    [Fact]
    public void CohortFeatures_ImagesOfTheEncodersSize_AreTheEncodersOwn_WithAMeanSquareOf1()
    {
        using var folder = new TemporaryFolder();
        using (var trained = CohortEncoder.Train(TinyCohort.A, TinyCohort.Size, seed: 1, steps: 3, TestContext.Current.CancellationToken)) trained.Save(folder["encoder"]);
        using var encoder = CohortEncoder.Load(folder["encoder"]);
        using var network = FeatureNetworks.Load(folder["encoder"]);
        Assert.Contains("encoder", network.Name, StringComparison.Ordinal);
        var features = network.Embed([new GreyImage(TinyCohort.Size, TinyCohort.Size, TinyCohort.A[2].Pixels)])[0];
        Assert.Equal(encoder.Embed([TinyCohort.A[2].Pixels])[0].Select(v => 8 * v), features);
        Assert.Equal(1, features.Average(v => (double)v * v), 1e-4);
        Assert.Equal(64, network.Embed([new GreyImage(50, 40, new float[2000])])[0].Length);
        Assert.Throws<ArgumentException>(() => network.Embed([new GreyImage(50, 40, new float[1999])]));
    }

    [Fact]
    public void Load_OtherWeights_AreRefused()
    {
        using var folder = new TemporaryFolder();
        using var weight = ones(3);
        SafeTensors.Write(folder["other"], new Dictionary<string, Tensor> { ["weight"] = weight });
        Assert.Throws<InvalidDataException>(() => FeatureNetworks.Load(folder["other"]));
        SafeTensors.Write(folder["other"], new Dictionary<string, Tensor> { ["fire2.squeeze1x1.weight"] = weight });
        Assert.Throws<InvalidDataException>(() => FeatureNetworks.Load(folder["other"]));
    }

    private static IFeatureNetwork SqueezeNet()
    {
        Assert.SkipUnless(SharedData.Exists, SharedData.WhyAbsent);
        return FeatureNetworks.Load(SharedData.Path("nets", "squeezenet_v1.0", "squeezenet_v1_0.safetensors"));
    }
}
