using System.Text.Json.Nodes;
using MedGan.Models.Training;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Training.ClassConditional;

public class ClassBatchesTests
{
    private static ClassBatches Batches(double balance, int frequent = 90, int rare = 10) => new(
        [.. Enumerable.Range(0, frequent + rare).Select(i => new ClassImage($"p{i}", i < frequent ? "disc" : "ring", [.. Enumerable.Repeat((float)i, 256)]))],
        TinyClasses.Plan("dcgan") with { ClassBalance = balance });

    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(1, 0.5)]
    [InlineData(0.5, 0.25)] // sqrt 10 / (sqrt 10 + sqrt 90)
    public void RareClass_IsDrawnAsOftenAsTheBalanceSays(double balance, double expected)
    {
        using var scope = NewDisposeScope();
        var batches = Batches(balance);
        Assert.Equal(expected, batches.Probabilities[1], 1e-12);
        Assert.Equal(expected, batches.Next(4000, CPU).Classes.to_type(ScalarType.Float64).mean().item<double>(), 0.03);
    }

    [Fact]
    public void Images_HaveTheClassTheyAreLabelledWith_AndEachIsSeenOnceARound()
    {
        using var scope = NewDisposeScope();
        var (images, classes) = Batches(1).Next(100, CPU);
        var numbers = images.select(1, 0).select(1, 0).select(1, 0).data<float>().ToArray();
        var labels = classes.data<long>().ToArray();
        Assert.All(numbers.Zip(labels), pair => Assert.Equal(pair.First < 90 ? 0 : 1, pair.Second));
        var rare = numbers.Where(v => v >= 90).ToArray();
        Assert.All(rare.GroupBy(v => v), group => Assert.InRange(group.Count(), rare.Length / 10, rare.Length / 10 + 1));
    }

    [Fact]
    public void RestoredState_DrawsWhatTheUndisturbedOneDraws()
    {
        using var scope = NewDisposeScope();
        var (one, other) = (Batches(0.7), Batches(0.7));
        one.Next(33, CPU);
        other.State = JsonNode.Parse(one.State.ToJsonString())!.AsObject();
        var (expected, actual) = (one.Next(50, CPU), other.Next(50, CPU));
        Assert.Equal(expected.Images.flatten().data<float>().ToArray(), actual.Images.flatten().data<float>().ToArray());
    }

    [Fact]
    public void MissingClass_UnknownClass_OtherSize_AreRefused()
    {
        var plan = TinyClasses.Plan("dcgan");
        Assert.Contains("no training image of class ring", Assert.Throws<ArgumentException>(() => new ClassBatches([new ClassImage("p", "disc", new float[256])], plan)).Message);
        Assert.Contains("class cube", Assert.Throws<ArgumentException>(() => new ClassBatches([new ClassImage("p", "cube", new float[256])], plan)).Message);
        Assert.Contains("255 values", Assert.Throws<ArgumentException>(() => new ClassBatches([new ClassImage("p", "disc", new float[255])], plan)).Message);
    }
}
