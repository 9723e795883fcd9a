using MedGan.Models.Checkpoints;
using MedGan.Models.Networks.SuperResolution;
using MedGan.Models.Sampling;
using MedGan.Models.Tests.Training;
using MedGan.Models.Tests.Training.SuperResolution;
using MedGan.Models.Training.SuperResolution;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Sampling;

public class SuperResolverTests
{
    private static readonly SuperResolutionPlan InPlane = TinySuperResolution.Plan("srresnet") with { Factor = 3, ImageSize = 48, PatchSize = 48 };
    private static readonly SuperResolutionPlan ThroughPlane = TinySuperResolution.Plan("rrdb") with { Axes = "throughPlane", Degradation = "sliceProfile" };

    [Fact]
    public void LargeImage_TileByTile_IsWhatTheNetworkMakesOfTheWhole()
    {
        using var scope = NewDisposeScope();
        using var resolver = Resolver(InPlane);
        const int height = 200, width = 230; // four tiles
        var image = rand(1, 1, height, width) - 0.5;
        var tiled = resolver.Upscale(image.data<float>().ToArray(), height, width);
        using var network = SuperResolutionNetworks.MakeGenerator(InPlane);
        var weights = network.state_dict();
        foreach (var (name, weight) in Weights(InPlane))
            using (no_grad()) weights[name["generator.".Length..]].copy_(weight);
        var whole = (BicubicUpsampling.Of(image, resolver.Magnification) + network.call(image)).data<float>().ToArray();
        Assert.Equal(whole.Length, tiled.Length);
        Assert.True(whole.Zip(tiled).Max(p => Math.Abs(p.First - p.Second)) < 1e-4);
    }

    [Fact]
    public void Volume_ThroughPlane_HasMoreSlices_AndKeepsItsPlaces()
    {
        using var resolver = Resolver(ThroughPlane, detail: false);
        const int slices = 5, rows = 6, columns = 7;
        var volume = Enumerable.Range(0, slices * rows * columns).Select(i => (float)Math.Sin(0.5 * i)).ToArray();
        var fine = resolver.UpscaleVolume(volume, slices, rows, columns);
        Assert.Equal(2 * slices * rows * columns, fine.Length);
        // without detail: bicubic along the slices
        for (var z = 2; z < 8; z++)
            for (var i = 0; i < rows * columns; i++)
            {
                var place = (z + 0.5) / 2 - 0.5;
                var expected = Enumerable.Range(0, slices).Sum(k => BicubicUpsampling.Kernel(place - k) * volume[k * rows * columns + i]);
                if (z is > 2 and < 7) Assert.Equal(expected, fine[z * rows * columns + i], 1e-5);
            }
    }

    [Fact]
    public void ThinSlices_SeenAtAnotherWidth_KeepTheVolumesOwnSharpness_AndGetTheNetworksDetail()
    {
        const int slices = 6, rows = 16, columns = 20;
        var volume = Enumerable.Range(0, slices * rows * columns).Select(i => (float)Math.Sin(2.5 * i)).ToArray(); // the finest that the grid holds
        using (var without = Resolver(ThroughPlane, detail: false))
        {
            var whole = without.UpscaleVolume(volume, slices, rows, columns);
            Assert.All(without.ThinSlices(volume, slices, rows, columns, 8, 10).Zip(whole), v => Assert.Equal(v.Second, v.First, 1e-5f));
        }
        using var resolver = Resolver(ThroughPlane);
        Assert.Equal(resolver.UpscaleVolume(volume, slices, rows, columns), resolver.ThinSlices(volume, slices, rows, columns, rows, columns));
        // constant in the plane, what the network adds is the same at any width, but at the edges
        var flat = Enumerable.Range(0, slices * rows * columns).Select(i => (float)Math.Sin(1.5 * (i / (rows * columns)))).ToArray();
        var (own, other) = (resolver.UpscaleVolume(flat, slices, rows, columns), resolver.ThinSlices(flat, slices, rows, columns, 24, 30));
        for (var z = 0; z < 2 * slices; z++) Assert.Equal(own[(z * rows + 8) * columns + 10], other[(z * rows + 8) * columns + 10], 1e-4f);
        using var inPlane = Resolver(InPlane);
        Assert.Throws<InvalidOperationException>(() => inPlane.ThinSlices(volume, slices, rows, columns, 8, 8));
    }

    [Fact]
    public void Volume_InPlane_IsEachSliceWithItsNeighbours()
    {
        var plan = InPlane with { Slices = 3 };
        using var resolver = Resolver(plan);
        var volume = Enumerable.Range(0, 3 * 20).Select(i => (float)Math.Sin(0.5 * i)).ToArray();
        var fine = resolver.UpscaleVolume(volume, 3, 4, 5);
        Assert.Equal(9 * volume.Length, fine.Length);
        Assert.Equal(resolver.Upscale(volume, 4, 5), fine[180..360]);
        Assert.Equal(resolver.Upscale([.. volume[..20], .. volume[..40]], 4, 5), fine[..180]);
    }

    [Fact]
    public void DegradedImage_ByBicubicInterpolation_IsTheModelWithoutItsDetail()
    {
        using var resolver = Resolver(InPlane with { Slices = 3 }, detail: false);
        float[] fine = [.. Enumerable.Range(0, 3 * 12 * 15).Select(i => (float)Math.Sin(0.1 * i))];
        var coarse = resolver.Degrade(fine, 12, 15);
        Assert.Equal(3 * 4 * 5, coarse.Length);
        Assert.Equal(resolver.Upscale(coarse, 4, 5), resolver.Bicubic(coarse, 4, 5));
        Assert.Equal(fine.Average(), coarse.Average(), 1e-5); // the middle of k-space holds the mean
    }

    [Fact]
    public void ModelFolder_IsLoaded_AndOneThatDoesNotFitIsRefused()
    {
        using var folder = new TemporaryFolder();
        using var method = new SuperResolutionMethod(InPlane, [.. Enumerable.Repeat(new Models.Training.TrainingImage("p", new float[48 * 48]), 2)]);
        SafeTensors.Write(folder["weights.safetensors"], method.ExportedWeights());
        File.WriteAllText(folder["plan.json"], InPlane.ToJson());
        using (var resolver = SuperResolver.Load(folder.Path, "cpu"))
            Assert.Equal(9 * 10 * 12, resolver.Upscale(new float[120], 10, 12).Length);
        File.WriteAllText(folder["plan.json"], (InPlane with { GeneratorWidth = 9 }).ToJson());
        Assert.Throws<InvalidDataException>(() => SuperResolver.Load(folder.Path, "cpu"));
    }

    [Fact]
    public void Values_ThatAreNoSuchImage_AreRefused()
    {
        using var resolver = Resolver(InPlane);
        Assert.Throws<ArgumentException>(() => resolver.Upscale(new float[11], 3, 4));
        Assert.Throws<ArgumentException>(() => resolver.UpscaleVolume(new float[11], 1, 3, 4));
    }

    private static SuperResolver Resolver(SuperResolutionPlan plan, bool detail = true)
    {
        using var scope = NewDisposeScope();
        var weights = Weights(plan);
        if (!detail)
            foreach (var weight in weights.Values)
                using (no_grad()) weight.zero_();
        return new SuperResolver(plan, weights, "cpu");
    }

    private static Dictionary<string, Tensor> Weights(SuperResolutionPlan plan)
    {
        using var networks = new SuperResolutionNetworks(plan, null, CPU);
        return networks.ExportedWeights().ToDictionary(w => w.Key, w => w.Value.detach().clone(), StringComparer.Ordinal);
    }
}
