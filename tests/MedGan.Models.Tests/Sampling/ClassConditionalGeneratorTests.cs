using MedGan.Models.Checkpoints;
using MedGan.Models.Networks.Conditional;
using MedGan.Models.Sampling;
using MedGan.Models.Tests.Training;
using MedGan.Models.Tests.Training.ClassConditional;
using MedGan.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Sampling;

public class ClassConditionalGeneratorTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Methods => [.. ConditionalSettings.Methods.Keys];

    [Theory]
    [MemberData(nameof(Methods))]
    public void ExportedModel_SamplesItsClasses_TheSameForOneSeed(string name)
    {
        using var folder = new TemporaryFolder();
        using var generator = Trained(name, folder);
        var (disc, again, more, other, ring) = (
            generator.Sample("disc", 3, 7), generator.Sample("disc", 3, 7), generator.Sample("disc", 5, 7), generator.Sample("disc", 3, 8), generator.Sample("ring", 3, 7));
        Assert.Equal(disc, again);
        Assert.All(disc.Zip(more), pair => Assert.All(pair.First.Zip(pair.Second), v => Assert.Equal(v.First, v.Second, 1e-5f)));
        Assert.NotEqual(disc, other);
        Assert.NotEqual(disc, ring);
        Assert.All(disc, image => Assert.Equal(256, image.Length));
        Assert.All(disc.SelectMany(image => image), v => Assert.InRange(v, -1, 1));
        Assert.Throws<ArgumentException>(() => generator.Sample("cube", 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => generator.Sample("disc", 1, 1, truncation: 1.5));
        if (name != "stylegan2-ada") Assert.Throws<InvalidOperationException>(() => generator.Styles);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Truncation_MakesImagesVaryLess(string name)
    {
        using var folder = new TemporaryFolder();
        using var generator = Trained(name, folder);
        Assert.True(Spread(generator.Sample("disc", 24, 7, truncation: 0.3)) < 0.9 * Spread(generator.Sample("disc", 24, 7)));
    }

    [Fact]
    public void TruncatedStyle_LiesBetweenTheClassMeanAndItself()
    {
        using var folder = new TemporaryFolder();
        using var generator = Trained("stylegan2-ada", folder);
        var styles = generator.Styles;
        var latent = generator.Latent(3);
        var (all, half, none, noneOfOther) = (styles.Of("disc", latent), styles.Of("disc", latent, 0.5), styles.Of("disc", latent, 0), styles.Of("disc", generator.Latent(4), 0));
        Assert.Equal(none, noneOfOther);
        Assert.NotEqual(none, styles.Of("ring", latent, 0));
        Assert.All(half.Zip(LatentPath.Lerp(none, all, 0.5)), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
        Assert.Equal(generator.FromLatents("disc", [latent], 0.5)[0], styles.Images([half])[0], (a, b) => Math.Abs(a - b) < 1e-5f);
    }

    [Fact]
    public void Mix_TakesCoarseLayersOfOne_FineOnesOfTheOther()
    {
        using var folder = new TemporaryFolder();
        using var generator = Trained("stylegan2-ada", folder);
        var styles = generator.Styles;
        Assert.Equal((5, 15), (styles.Layers, styles.Dimensions)); // 4, 8 twice, 16 twice
        var (a, b) = (styles.Of("disc", generator.Latent(1)), styles.Of("disc", generator.Latent(2)));
        var mixed = styles.Mix(a, b, 2);
        Assert.Equal(a[..30], mixed[..30]);
        Assert.Equal(b[30..], mixed[30..]);
        Assert.Equal(a, styles.Mix(a, b, 5));
        var images = styles.Images([a, b, mixed]);
        Assert.NotEqual(images[0], images[2]);
        Assert.NotEqual(images[1], images[2]);
    }

    [Fact]
    public void Directions_AreThoseThatChangeTheStylesMost()
    {
        using var folder = new TemporaryFolder();
        using var generator = Trained("stylegan2-ada", folder);
        using var scope = NewDisposeScope();
        var directions = generator.Styles.Directions(15);
        var weights = SafeTensors.Read(folder["weights.safetensors"]);
        var matrix = cat([.. weights.Where(w => w.Key.Contains("layers.") && w.Key.EndsWith("conv.style.weight", StringComparison.Ordinal)).Select(w => w.Value)]) / Math.Sqrt(15);
        double Change(float[] direction) => matrix.mv(tensor(direction)).square().sum().item<float>();
        var singular = linalg.svdvals(matrix).data<float>().ToArray(); // another decomposition of the same matrix
        foreach (var (direction, value) in directions.Zip(singular)) Assert.Equal(value * value, Change(direction), 1e-3 * singular[0] * singular[0]);
        for (var i = 0; i < 15; i++)
            for (var j = 0; j <= i; j++)
                Assert.Equal(i == j ? 1 : 0, directions[i].Zip(directions[j], (x, y) => (double)x * y).Sum(), 1e-4);

        var style = generator.Styles.Of("disc", generator.Latent(1));
        var moved = generator.Styles.Move(style, directions[0], 2, 1..3);
        Assert.Equal(style[..15], moved[..15]);
        Assert.Equal(style[15] + 2 * directions[0][0], moved[15], 1e-6f);
        Assert.Equal(style[45..], moved[45..]);
    }

    [Fact]
    public void Projection_FindsAStyleForAnImageThatTheModelMade()
    {
        using var folder = new TemporaryFolder();
        using var generator = Trained("stylegan2-ada", folder);
        var image = generator.FromLatents("ring", [generator.Latent(5)])[0];
        var start = generator.Styles.Images([generator.Styles.Of("disc", generator.Latent(1), 0)])[0];
        var projected = generator.Styles.Project(image, "disc", steps: 150, ct: Ct);
        double Error(float[] other) => Math.Sqrt(image.Zip(other, (x, y) => (double)(x - y) * (x - y)).Average());
        Assert.Equal(Error(projected.Image), projected.RootMeanSquareError, 1e-3);
        Assert.True(projected.RootMeanSquareError < 0.4 * Error(start), $"{Error(start)} -> {projected.RootMeanSquareError}");
        var free = generator.Styles.Project(image, "disc", steps: 150, everyLayer: true, ct: Ct);
        Assert.True(free.RootMeanSquareError < projected.RootMeanSquareError, $"{projected.RootMeanSquareError} -> {free.RootMeanSquareError}");
        Assert.Equal(projected.Image, generator.Styles.Images([projected.Style])[0], (a, b) => Math.Abs(a - b) < 1e-4f);
        Assert.Equal(projected.Style, generator.Styles.Project(image, "disc", steps: 150, ct: Ct).Style);
    }

    [Fact]
    public void Paths_BeginAndEndAtTheirPoints_AndArcsKeepTheirLength()
    {
        float[] a = [1, 0, 0], b = [0, 2, 0], c = [0, 1, 0];
        Assert.Equal([0.5f, 1, 0], LatentPath.Lerp(a, b, 0.5));
        Assert.Equal([0.25f, 1.5f, 0], LatentPath.Lerp(a, b, 0.75));
        Assert.Equal([Math.Cos(Math.PI / 6), Math.Sin(Math.PI / 6), 0], LatentPath.Slerp(a, c, 1.0 / 3).Select(v => (double)v), (x, y) => Math.Abs(x - y) < 1e-6);
        Assert.All(new[] { 0, 0.2, 0.7, 1 }, t => Assert.Equal(1, LatentPath.Slerp(a, c, t).Sum(v => v * v), 1e-6f));
        Assert.Equal(a, LatentPath.Slerp(a, a, 0.3));
        Assert.Throws<ArgumentException>(() => LatentPath.Slerp(a, [-1, 0, 0], 0.5));
        Assert.Throws<ArgumentException>(() => LatentPath.Lerp(a, [1, 0], 0.5));
    }

    [Fact]
    public void Load_OfWeightsThatDoNotFit_SaysSo()
    {
        using var folder = new TemporaryFolder();
        Trained("dcgan", folder).Dispose();
        File.WriteAllText(folder["plan.json"], (TinyClasses.Plan("dcgan") with { WidestLayer = 24 }).ToJson());
        Assert.Throws<InvalidDataException>(() => ClassConditionalGenerator.Load(folder.Path, "cpu"));
    }

    // a few steps, so that no two layers are alike
    private static ClassConditionalGenerator Trained(string name, TemporaryFolder folder)
    {
        var plan = TinyClasses.Plan(name);
        using var method = new ClassConditionalMethod(plan, TinyClasses.Images);
        for (var step = 0; step < 4; step++) method.TakeStep(step, 0);
        File.WriteAllText(folder["plan.json"], plan.ToJson());
        SafeTensors.Write(folder["weights.safetensors"], method.ExportedWeights());
        return ClassConditionalGenerator.Load(folder.Path, "cpu");
    }

    private static double Spread(float[][] images)
    {
        var mean = Enumerable.Range(0, images[0].Length).Select(i => images.Average(image => image[i])).ToArray();
        return images.Average(image => image.Zip(mean, (x, m) => (double)(x - m) * (x - m)).Average());
    }
}
