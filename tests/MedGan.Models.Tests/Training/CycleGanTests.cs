using System.Text.Json.Nodes;
using MedGan.Models.Sampling;
using MedGan.Models.Tests.Checkpoints;
using MedGan.Models.Training;

namespace MedGan.Models.Tests.Training;

public class CycleGanTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static byte[] Weights(string model) => File.ReadAllBytes(Path.Combine(model, "weights.safetensors"));

    private static TrainerResult Train(CycleGanPlan plan, TemporaryFolder folder, string model, ITrainingFollower? follower = null)
    {
        using var trainer = TinyCohort.Trainer(plan);
        trainer.Restore(folder["checkpoints-" + model]);
        var result = trainer.Run(folder["checkpoints-" + model], follower ?? new Recorder(), Ct);
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
        Assert.Equal(File.ReadAllBytes(folder["checkpoints-undisturbed/step-0000000006/tensors.safetensors"]), File.ReadAllBytes(folder["checkpoints-killed/step-0000000006/tensors.safetensors"]));
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
        Assert.Equal([3, 6], recorder.Sheets.Select(s => s.Step));
        Assert.All(recorder.Steps, s => Assert.All(s.Losses, loss => Assert.True(loss.Value > 0, loss.Key)));
        Assert.Equal(recorder.Steps.Average(s => s["cycle"]), result.Losses!["cycle"], 1e-9);
        var plan = TinyCohort.Plan;
        Assert.All(recorder.Steps, s =>
        {
            var lambdaAtlas = Math.Max(plan.LambdaAtlasFinal, plan.LambdaAtlas * (1 - 2 * (s.Step - 1) / 6.0));
            var sum = s["adversarial"] + plan.LambdaCycle * s["cycle"] + plan.LambdaIdentity * s["identity"] + plan.LambdaEdges * s["edges"] + lambdaAtlas * s["atlas"];
            Assert.Equal(sum, s["generator"], 1e-3);
        });

        var (sheet, before) = (recorder.Sheets[1].Sheet, recorder.Sheets[0].Sheet);
        Assert.Equal((3, TinyCohort.Size, TinyCohort.Size, 24), (sheet.Columns, sheet.Height, sheet.Width, sheet.Images.Count)); // four of each domain
        float[][] Column(int column, int row) => [.. sheet.Images.Chunk(3).Skip(row).Take(4).Select(images => images[column])];
        Assert.Equal(before.Images[0], sheet.Images[0]);
        Assert.NotEqual(before.Images[1], sheet.Images[1]);
        using var translator = Translator.Load(folder["model"], "cpu");
        Assert.Equal(translator.AToB(Column(0, 0)), Column(1, 0));
        Assert.Equal(translator.BToA(Column(1, 0)), Column(2, 0));
        Assert.Equal(translator.BToA(Column(0, 4)), Column(1, 4));
    }

    [Fact]
    public void Training_LowersItsLosses()
    {
        using var folder = new TemporaryFolder();
        var recorder = new Recorder();
        Train(TinyCohort.Plan with { MaxSteps = 60, CheckpointEverySteps = 1000, SampleEverySteps = 1000, LearningRate = 1e-3 }, folder, "model", recorder);
        Assert.True(recorder.Steps[^10..].Average(s => s["cycle"]) < 0.6 * recorder.Steps[..10].Average(s => s["cycle"]));
        Assert.True(recorder.Steps[^10..].Average(s => s["discriminatorA"]) < recorder.Steps[..3].Average(s => s["discriminatorA"]));
    }

    [Fact]
    public void TermsThatAreOff_AreZero()
    {
        using var folder = new TemporaryFolder();
        var recorder = new Recorder();
        Train(TinyCohort.Plan with { LambdaIdentity = 0, LambdaEdges = 0, PoolSize = 0, OutlineDepth = false, LambdaAtlas = 0, LambdaAtlasFinal = 0, MaxSteps = 2 }, folder, "model", recorder);
        Assert.All(recorder.Steps, s => Assert.Equal((0, 0, 0), (s["identity"], s["edges"], s["atlas"])));
    }

    [Fact]
    public void Cancellation_WritesACheckpointFirst()
    {
        using var folder = new TemporaryFolder();
        using var cancel = new CancellationTokenSource();
        var recorder = new Recorder { Then = losses => { if (losses.Step == 3) cancel.Cancel(); } };
        using var trainer = TinyCohort.Trainer(TinyCohort.Plan);
        Assert.ThrowsAny<OperationCanceledException>(() => trainer.Run(folder.Path, recorder, cancel.Token));
        Assert.Equal([2, 3], recorder.Checkpoints);

        using var next = TinyCohort.Trainer(TinyCohort.Plan);
        Assert.True(next.Restore(folder.Path));
        Assert.Equal(3, next.Step);
    }

    [Fact]
    public void Restore_WithoutCheckpoint_StartsAnew()
    {
        using var folder = new TemporaryFolder();
        using var trainer = TinyCohort.Trainer(TinyCohort.Plan);
        Assert.False(trainer.Restore(folder["none"]));
        Assert.Equal(0, trainer.Step);
    }

    [Fact]
    public void Restore_OfAnotherPlanOrOtherImages_IsRefused()
    {
        using var folder = new TemporaryFolder();
        Train(TinyCohort.Plan, folder, "model");
        var checkpoints = folder["checkpoints-model"];
        using var otherPlan = TinyCohort.Trainer(TinyCohort.Plan with { LambdaCycle = 9 });
        Assert.Throws<InvalidDataException>(() => otherPlan.Restore(checkpoints));
        using var otherImages = new Trainer(TinyCohort.Plan, new CycleGanMethod(TinyCohort.Plan, TinyCohort.A[1..], TinyCohort.B));
        Assert.Throws<InvalidDataException>(() => otherImages.Restore(checkpoints));
        using var longer = TinyCohort.Trainer(TinyCohort.Plan with { MaxSteps = 8 });
        Assert.True(longer.Restore(checkpoints));
    }

    [Fact]
    public void Minutes_EndTheTraining_AndAreCountedOverARestore()
    {
        using var folder = new TemporaryFolder();
        var plan = TinyCohort.Plan with { MaxSteps = null, MaxMinutes = 1 };
        var clock = new SteppedClock();
        var passing = new Recorder { Then = _ => clock.Now += TimeSpan.FromSeconds(10) };
        using var first = TinyCohort.Trainer(plan with { MaxMinutes = 0.5 }, clock: clock);
        Assert.Equal(3, first.Run(folder.Path, passing, Ct).Steps);
        clock.Now += TimeSpan.FromHours(1); // nobody trains meanwhile
        using var second = TinyCohort.Trainer(plan, clock: clock);
        Assert.True(second.Restore(folder.Path));
        var result = second.Run(folder.Path, passing, Ct);
        Assert.Equal((6, TimeSpan.FromMinutes(1)), (result.Steps, result.Elapsed));
    }

    [Fact]
    public void Divergence_StopsWithAPlainReason_AndLeavesTheLastGoodCheckpoint()
    {
        using var folder = new TemporaryFolder();
        var poisoned = TinyCohort.A.Select(image => image with { Pixels = [.. image.Pixels] }).ToArray();
        using var trainer = new Trainer(TinyCohort.Plan, new CycleGanMethod(TinyCohort.Plan, poisoned, TinyCohort.B));
        var recorder = new Recorder { Then = losses => { if (losses.Step == 2) foreach (var image in poisoned) image.Pixels[100] = float.NaN; } };
        var diverged = Assert.Throws<TrainingStoppedException>(() => trainer.Run(folder.Path, recorder, Ct));
        Assert.Equal((3, 2), (diverged.Step, diverged.RolledBackTo));
        Assert.Contains("not a finite number", diverged.Message);
        Assert.Equal([2], recorder.Checkpoints);
    }

    [Fact]
    public void ImagesOfTheWrongSize_AndEmptyDomains_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => TinyCohort.Trainer(TinyCohort.Plan with { ImageSize = 64 }));
        Assert.Throws<ArgumentException>(() => new CycleGanMethod(TinyCohort.Plan, TinyCohort.A, []));
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
        Assert.Equal(TinyCohort.Plan, TrainingPlan.FromJson(File.ReadAllText(folder["model/plan.json"])));
        Assert.Contains("\"maeHu\": 12.5", File.ReadAllText(folder["model/metrics.json"]));
    }

    /// <summary>Models of earlier versions: their plan names no method, and has no field that came later.</summary>
    [Fact]
    public void Model_WhosePlanNamesNoMethod_TranslatesAsBefore()
    {
        using var folder = new TemporaryFolder();
        Train(TinyCohort.Plan with { MaxSteps = 1 }, folder, "model");
        float[][] Translated() { using var translator = Translator.Load(folder["model"], "cpu"); return translator.AToB([TinyCohort.A[0].Pixels]); }
        var now = Translated();
        var plan = JsonNode.Parse(File.ReadAllText(folder["model/plan.json"]))!.AsObject();
        foreach (var field in (string[])["method", "maxImages", "patience", "watchFromStep", "maxDiscriminatorAccuracy", "minDiversity", "maxTrainingSimilarity"]) Assert.True(plan.Remove(field));
        File.WriteAllText(folder["model/plan.json"], plan.ToJsonString());
        Assert.Equal(now, Translated());
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
