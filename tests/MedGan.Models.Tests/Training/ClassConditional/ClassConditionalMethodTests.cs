using System.Text.Json.Nodes;
using MedGan.Models.Checkpoints;
using MedGan.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Training.ClassConditional;

public class ClassConditionalMethodTests
{
    // every method as it is, and one with everything that it can have
    private static readonly Dictionary<string, ClassConditionalPlan> Plans = new(
        ConditionalSettings.Methods.Keys.Select(method => KeyValuePair.Create(method, TinyClasses.Plan(method))).Concat(
        [
            KeyValuePair.Create("dcgan with everything", TinyClasses.Plan("dcgan") with
            {
                Loss = "hinge", DiscriminatorNormalisation = "spectral", R1Gamma = 1, R2Gamma = 1, R1Interval = 2, LambdaLeCam = 0.1, LambdaConsistency = 1, LambdaFeatureMatching = 1, LambdaOrthogonal = 0.01,
                Augmentation = "ada", AdaImages = 100, AdaTarget = 0, GeneratedClasses = "uniform", AugmentFlip = true, DiscriminatorSteps = 2,
            }),
            KeyValuePair.Create("clipped", TinyClasses.Plan("dcgan") with { Loss = "wasserstein", DiscriminatorNormalisation = "none", WeightClip = 0.05 }),
            KeyValuePair.Create("r3gan augmented", TinyClasses.Plan("r3gan") with { Augmentation = "diffaugment" }),
        ]));

    public static TheoryData<string> Names => [.. Plans.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void RestoredTraining_TakesTheSameSteps_ToTheBit(string name)
    {
        using var scope = NewDisposeScope();
        using var one = new ClassConditionalMethod(Plans[name], TinyClasses.Images);
        for (var step = 0; step < 5; step++) one.TakeStep(step, step / 10.0);

        using var other = new ClassConditionalMethod(Plans[name] with { }, TinyClasses.Images);
        using (no_grad())
        {
            var (from, to) = (one.Tensors(), other.Tensors());
            Assert.Equal(from.Keys, to.Keys);
            using var file = new MemoryStream(); // as a checkpoint does it
            SafeTensors.Write(file, from);
            file.Position = 0;
            foreach (var (key, saved) in SafeTensors.Read(file)) to[key].copy_(saved);
        }
        other.Counters = JsonNode.Parse(one.Counters.ToJsonString())!.AsObject();

        for (var step = 5; step < 10; step++) Assert.Equal(one.TakeStep(step, step / 10.0), other.TakeStep(step, step / 10.0));
        Assert.Equal(one.Counters.ToJsonString(), other.Counters.ToJsonString());
        foreach (var (key, expected) in one.Tensors()) AssertSame(key, expected, other.Tensors()[key]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Training_ChangesEveryNetwork_ReportsItsLosses_AndHoldsNoMoreTensors(string name)
    {
        using var method = new ClassConditionalMethod(Plans[name], TinyClasses.Images);
        var before = Copy(method, "generator.", "discriminator.", "average.");
        var counts = new List<long>();
        for (var step = 0; step < 8; step++)
        {
            var losses = method.TakeStep(step, 0);
            Assert.All(losses.Values, value => Assert.True(double.IsFinite(value)));
            Assert.Contains("generator", losses.Keys);
            Assert.Contains("discriminator", losses.Keys);
            counts.Add(DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
        }
        Assert.All(counts[5..], count => Assert.Equal(counts[4], count));
        var after = Copy(method, "generator.", "discriminator.", "average.");
        foreach (var network in new[] { "generator.", "discriminator.", "average." })
            Assert.Contains(before.Where(b => b.Key.StartsWith(network, StringComparison.Ordinal)), b => !b.Value.SequenceEqual(after[b.Key]));
        if (Plans[name].WeightClip is { } limit) Assert.All(after.Where(w => w.Key.StartsWith("discriminator.", StringComparison.Ordinal)).SelectMany(w => w.Value), v => Assert.InRange(v, (float)-limit, (float)limit));
        var sheet = method.Samples();
        Assert.Equal(12, sheet.Images.Count);
        Assert.Equal(sheet.Images, method.Samples().Images);
        Assert.All(sheet.Images.SelectMany(image => image), v => Assert.InRange(v, -1, 1));
    }

    [Fact]
    public void EverythingOn_IsReported()
    {
        using var method = new ClassConditionalMethod(Plans["dcgan with everything"], TinyClasses.Images);
        Assert.Equal(
            ["augmentationProbability", "consistency", "discriminator", "fakeScore", "generator", "leCam", "r1", "r2", "realScore"], method.TakeStep(0, 0).Keys);
    }

    [Theory]
    [InlineData("stylegan2-ada")]
    [InlineData("r3gan")]
    public void Discriminator_LearnsToTellApart_WhatAWeakGeneratorMakes(string name)
    {
        using var method = new ClassConditionalMethod(TinyClasses.Plan(name) with { LearningRate = 1e-3, DiscriminatorSteps = 5 }, TinyClasses.Images);
        IReadOnlyDictionary<string, double> losses = new Dictionary<string, double>();
        for (var step = 0; step < 15; step++) losses = method.TakeStep(step, 0);
        Assert.True(losses["realScore"] > losses["fakeScore"], $"{losses["realScore"]} {losses["fakeScore"]}");
    }

    [Fact]
    public void Transfer_StartsFromTheModelsWeights_MatchesClassesByName_AndKeepsFrozenStages()
    {
        using var folder = new TemporaryFolder();
        var plan = TinyClasses.Plan("r3gan");
        using var first = new ClassConditionalMethod(plan, TinyClasses.Images);
        for (var step = 0; step < 3; step++) first.TakeStep(step, 0);
        File.WriteAllText(folder["plan.json"], plan.ToJson());
        SafeTensors.Write(folder["weights.safetensors"], first.ExportedWeights());

        ClassImage[] images = [.. TinyClasses.Images.Select(i => i with { Class = i.Class == "ring" ? "ring" : "new" })];
        var next = plan with { Classes = ["ring", "new"], TransferFrom = folder.Path, FrozenStages = 2, Seed = 9 };
        using var second = new ClassConditionalMethod(next, images);
        var (old, start) = (Copy(first, "average.", "discriminator."), Copy(second, "average.", "discriminator."));
        Assert.Equal(old["average.basis"], start["average.basis"]);
        Assert.Equal(old["discriminator.stages.0.weight"], start["discriminator.stages.0.weight"]);
        var (oldTable, table) = (old["average.classes.weight"], start["average.classes.weight"]); // [2,15]: disc, ring and ring, new
        Assert.Equal(oldTable[15..], table[..15]);
        Assert.All(Enumerable.Range(0, 15), i => Assert.Equal((oldTable[i] + oldTable[15 + i]) / 2, table[15 + i], 1e-6f));

        for (var step = 0; step < 3; step++) second.TakeStep(step, 0);
        var trained = Copy(second, "discriminator.");
        foreach (var (key, value) in trained)
        {
            var isFrozen = key.StartsWith("discriminator.stages.0.", StringComparison.Ordinal) || key.StartsWith("discriminator.stages.1.", StringComparison.Ordinal);
            if (isFrozen) Assert.Equal(start[key], value);
        }
        Assert.NotEqual(start["discriminator.stages.2.blocks.0.expand.weight"], trained["discriminator.stages.2.blocks.0.expand.weight"]);
        Assert.NotEqual(first.Fingerprint, second.Fingerprint);

        var other = TinyClasses.Plan("dcgan") with { TransferFrom = folder.Path };
        Assert.Contains("holds no dcgan model", Assert.Throws<InvalidDataException>(() => new ClassConditionalMethod(other, TinyClasses.Images)).Message);
        var wider = plan with { GeneratorWidth = 16, TransferFrom = folder.Path };
        Assert.Contains("another shape", Assert.Throws<InvalidDataException>(() => new ClassConditionalMethod(wider, TinyClasses.Images)).Message);
    }

    [Fact]
    public void PlanWithErrors_IsRefused() =>
        Assert.Throws<InvalidPlanException>(() => new ClassConditionalMethod(TinyClasses.Plan("dcgan") with { Loss = "hing" }, TinyClasses.Images));

    private static Dictionary<string, float[]> Copy(ClassConditionalMethod method, params string[] prefixes)
    {
        using var scope = NewDisposeScope();
        return method.Tensors().Where(t => prefixes.Any(p => t.Key.StartsWith(p, StringComparison.Ordinal)) && t.Value.is_floating_point())
            .ToDictionary(t => t.Key, t => t.Value.detach().contiguous().data<float>().ToArray());
    }

    private static void AssertSame(string key, Tensor expected, Tensor actual) =>
        Assert.True(expected.detach().contiguous().bytes.SequenceEqual(actual.detach().contiguous().bytes), key);
}
