using MedGan.Models.Sampling;
using MedGan.Models.Tests.Checkpoints;
using MedGan.Models.Training;

namespace MedGan.Models.Tests.Training;

public class CycleGanTrainerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static byte[] Weights(string model) => File.ReadAllBytes(Path.Combine(model, "weights.safetensors"));

    private static TrainingResult Train(CycleGanPlan plan, TemporaryFolder folder, string model, ITrainingObserver? observer = null)
    {
        using var trainer = new CycleGanTrainer(plan, TinyCohort.A, TinyCohort.B);
        trainer.Restore(folder["checkpoints-" + model]);
        var result = trainer.Run(folder["checkpoints-" + model], observer ?? new Recorder(), Ct);
        trainer.Export(folder[model], new Dictionary<string, double> { ["maeHu"] = 12.5 });
        return result;
    }

    [Theory]
    [InlineData(1)] // before the first checkpoint
    [InlineData(3)] // one step after a checkpoint
    [InlineData(5)]
    public void Training_AbandonedAndRestored_EqualsTheUndisturbedRun_ToTheBit(int killedAfter)
    {
        using var folder = new TemporaryFolder();
        Train(TinyCohort.Plan, folder, "undisturbed");

        var dies = new Recorder { Then = losses => { if (losses.Step == killedAfter) throw new InvalidOperationException("killed"); } };
        Assert.Throws<InvalidOperationException>(() => Train(TinyCohort.Plan, folder, "killed", dies));
        var rest = new Recorder();
        Train(TinyCohort.Plan, folder, "killed", rest);

        Assert.Equal(killedAfter / 2 * 2 + 1, rest.Steps[0].Step);
        Assert.Equal(Weights(folder["undisturbed"]), Weights(folder["killed"]));
        foreach (var part in (string[])["networks.safetensors", "optimisers.safetensors", "pools.safetensors"])
            Assert.Equal(File.ReadAllBytes(folder[$"checkpoints-undisturbed/step-0000000006/{part}"]), File.ReadAllBytes(folder[$"checkpoints-killed/step-0000000006/{part}"]));
    }

    [Fact]
    public void Training_OfTheSameSeed_GivesTheSameWeights_OfAnother_Others()
    {
        using var folder = new TemporaryFolder();
        Train(TinyCohort.Plan, folder, "one");
        Train(TinyCohort.Plan, folder, "two");
        Train(TinyCohort.Plan with { Seed = 6 }, folder, "other");
        Assert.Equal(Weights(folder["one"]), Weights(folder["two"]));
        Assert.NotEqual(Weights(folder["one"]), Weights(folder["other"]));
    }

    [Fact]
    public void Training_ReportsStepsSamplesAndCheckpoints()
    {
        using var folder = new TemporaryFolder();
        var recorder = new Recorder();
        var result = Train(TinyCohort.Plan, folder, "model", recorder);
        Assert.Equal([1, 2, 3, 4, 5, 6], recorder.Steps.Select(s => s.Step));
        Assert.Equal([2, 4, 6], recorder.Checkpoints);
        Assert.Equal([3, 6], recorder.Grids.Select(g => g.Step));
        Assert.All(recorder.Steps, s => Assert.True(s is { Cycle: > 0, Identity: > 0, Edges: > 0, Adversarial: > 0, DiscriminatorA: > 0, DiscriminatorB: > 0 }));
        Assert.Equal(recorder.Steps.Average(s => s.Cycle), result.Losses!.Cycle, 1e-9);
        var plan = TinyCohort.Plan;
        Assert.All(recorder.Steps, s =>
        {
            var lambdaAtlas = Math.Max(plan.LambdaAtlasFinal, plan.LambdaAtlas * (1 - 2 * (s.Step - 1) / 6.0));
            var sum = s.Adversarial + plan.LambdaCycle * s.Cycle + plan.LambdaIdentity * s.Identity + plan.LambdaEdges * s.Edges + lambdaAtlas * s.Atlas;
            Assert.Equal(sum, s.Generator, 1e-3);
        });

        var grid = recorder.Grids[1];
        Assert.Equal(TinyCohort.Size, grid.Size);
        Assert.Equal(recorder.Grids[0].A, grid.A);
        Assert.Equal([4, 4, 4, 4, 4, 4], [grid.A.Length, grid.AToB.Length, grid.AToBToA.Length, grid.B.Length, grid.BToA.Length, grid.BToAToB.Length]);
        using var translator = Translator.Load(folder["model"], "cpu");
        Assert.Equal(translator.AToB(grid.A), grid.AToB);
        Assert.Equal(translator.BToA(grid.B), grid.BToA);
        Assert.Equal(translator.BToA(grid.AToB), grid.AToBToA);
    }

    [Fact]
    public void Training_LowersItsLosses()
    {
        using var folder = new TemporaryFolder();
        var recorder = new Recorder();
        Train(TinyCohort.Plan with { MaxSteps = 60, CheckpointEverySteps = 1000, SampleEverySteps = 1000, LearningRate = 1e-3 }, folder, "model", recorder);
        Assert.True(recorder.Steps[^10..].Average(s => s.Cycle) < 0.6 * recorder.Steps[..10].Average(s => s.Cycle));
        Assert.True(recorder.Steps[^10..].Average(s => s.DiscriminatorA) < recorder.Steps[..3].Average(s => s.DiscriminatorA));
    }

    [Fact]
    public void TermsThatAreOff_AreZero()
    {
        using var folder = new TemporaryFolder();
        var recorder = new Recorder();
        Train(TinyCohort.Plan with { LambdaIdentity = 0, LambdaEdges = 0, PoolSize = 0, OutlineDepth = false, LambdaAtlas = 0, LambdaAtlasFinal = 0, MaxSteps = 2 }, folder, "model", recorder);
        Assert.All(recorder.Steps, s => Assert.Equal((0, 0, 0), (s.Identity, s.Edges, s.Atlas)));
    }

    [Fact]
    public void Cancellation_WritesACheckpointFirst()
    {
        using var folder = new TemporaryFolder();
        using var cancel = new CancellationTokenSource();
        var recorder = new Recorder { Then = losses => { if (losses.Step == 3) cancel.Cancel(); } };
        using var trainer = new CycleGanTrainer(TinyCohort.Plan, TinyCohort.A, TinyCohort.B);
        Assert.ThrowsAny<OperationCanceledException>(() => trainer.Run(folder.Path, recorder, cancel.Token));
        Assert.Equal([2, 3], recorder.Checkpoints);

        using var next = new CycleGanTrainer(TinyCohort.Plan, TinyCohort.A, TinyCohort.B);
        Assert.True(next.Restore(folder.Path));
        Assert.Equal(3, next.Step);
    }

    [Fact]
    public void Restore_WithoutCheckpoint_StartsAnew()
    {
        using var folder = new TemporaryFolder();
        using var trainer = new CycleGanTrainer(TinyCohort.Plan, TinyCohort.A, TinyCohort.B);
        Assert.False(trainer.Restore(folder["none"]));
        Assert.Equal(0, trainer.Step);
    }

    [Fact]
    public void Restore_OfAnotherPlanOrOtherImages_IsRefused()
    {
        using var folder = new TemporaryFolder();
        Train(TinyCohort.Plan, folder, "model");
        var checkpoints = folder["checkpoints-model"];
        using var otherPlan = new CycleGanTrainer(TinyCohort.Plan with { LambdaCycle = 9 }, TinyCohort.A, TinyCohort.B);
        Assert.Throws<InvalidDataException>(() => otherPlan.Restore(checkpoints));
        using var otherImages = new CycleGanTrainer(TinyCohort.Plan, TinyCohort.A[1..], TinyCohort.B);
        Assert.Throws<InvalidDataException>(() => otherImages.Restore(checkpoints));
        using var longer = new CycleGanTrainer(TinyCohort.Plan with { MaxSteps = 8 }, TinyCohort.A, TinyCohort.B);
        Assert.True(longer.Restore(checkpoints));
    }

    [Fact]
    public void Minutes_EndTheTraining_AndAreCountedOverARestore()
    {
        using var folder = new TemporaryFolder();
        var plan = TinyCohort.Plan with { MaxSteps = null, MaxMinutes = 1 };
        var clock = new SteppedClock();
        var passing = new Recorder { Then = _ => clock.Now += TimeSpan.FromSeconds(10) };
        using var first = new CycleGanTrainer(plan with { MaxMinutes = 0.5 }, TinyCohort.A, TinyCohort.B, clock: clock);
        Assert.Equal(3, first.Run(folder.Path, passing, Ct).Steps);
        clock.Now += TimeSpan.FromHours(1); // nobody trains meanwhile
        using var second = new CycleGanTrainer(plan, TinyCohort.A, TinyCohort.B, clock: clock);
        Assert.True(second.Restore(folder.Path));
        var result = second.Run(folder.Path, passing, Ct);
        Assert.Equal((6, TimeSpan.FromMinutes(1)), (result.Steps, result.Elapsed));
    }

    [Fact]
    public void Divergence_StopsWithAPlainReason_AndLeavesTheLastGoodCheckpoint()
    {
        using var folder = new TemporaryFolder();
        var poisoned = TinyCohort.A.Select(image => image with { Pixels = [.. image.Pixels] }).ToArray();
        using var trainer = new CycleGanTrainer(TinyCohort.Plan, poisoned, TinyCohort.B);
        var recorder = new Recorder { Then = losses => { if (losses.Step == 2) foreach (var image in poisoned) image.Pixels[100] = float.NaN; } };
        var diverged = Assert.Throws<TrainingDivergedException>(() => trainer.Run(folder.Path, recorder, Ct));
        Assert.Equal(3, diverged.Step);
        Assert.Contains("not a finite number", diverged.Message);
        Assert.Equal([2], recorder.Checkpoints);
    }

    [Fact]
    public void ImagesOfTheWrongSize_AndEmptyDomains_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new CycleGanTrainer(TinyCohort.Plan with { ImageSize = 64 }, TinyCohort.A, TinyCohort.B));
        Assert.Throws<ArgumentException>(() => new CycleGanTrainer(TinyCohort.Plan, TinyCohort.A, []));
    }

    [Fact]
    public void ModelFolder_IsReadByAnIndependentReader()
    {
        using var folder = new TemporaryFolder();
        Train(TinyCohort.Plan, folder, "model");
        var arrays = PlainReader.Read(Weights(folder["model"]));
        Assert.Equal("4,2,7,7", arrays["aToB.layers.in.weight"].Shape);
        Assert.Equal("32,2,3,3", arrays["bToA.pixelPath.conv1.weight"].Shape);
        // two generators of twelve convolutions with weight and bias: in, 2 down, 2 in the block, 2 up, out, and 4 in the pixel path
        Assert.Equal(2 * 2 * 12, arrays.Count);
        Assert.All(arrays.Values.SelectMany(a => PlainReader.Floats(a.Bytes)), value => Assert.True(float.IsFinite(value)));
        Assert.Equal(TinyCohort.Plan, CycleGanPlan.FromJson(File.ReadAllText(folder["model/plan.json"])));
        Assert.Contains("\"maeHu\": 12.5", File.ReadAllText(folder["model/metrics.json"]));
    }

    [Fact]
    public void Model_WhoseWeightsDoNotFitItsPlan_IsRefused()
    {
        using var folder = new TemporaryFolder();
        Train(TinyCohort.Plan with { MaxSteps = 1 }, folder, "model");
        var plan = File.ReadAllText(folder["model/plan.json"]);
        foreach (var other in (CycleGanPlan[])[TinyCohort.Plan with { GeneratorWidth = 5 }, TinyCohort.Plan with { ResidualBlocks = 2 }])
        {
            File.WriteAllText(folder["model/plan.json"], other.ToJson());
            Assert.Throws<InvalidDataException>(() => Translator.Load(folder["model"], "cpu"));
        }
        File.WriteAllText(folder["model/plan.json"], plan);
        Translator.Load(folder["model"], "cpu").Dispose();
    }

    private sealed class SteppedClock : TimeProvider
    {
        public TimeSpan Now { get; set; }
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
        public override long GetTimestamp() => Now.Ticks;
    }
}
