using MedGan.Models.Checkpoints;
using MedGan.Models.Sampling;
using MedGan.Models.Training;
using TorchSharp;

namespace MedGan.Models.Tests.Training;

/// <summary>Every tensor has an owner: after a public entry point is done and disposed of, as many are alive as before.</summary>
public class LiveTensorTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static long Live => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

    private static void AssertNoneLeft(Action act)
    {
        var before = Live;
        act();
        Assert.Equal(before, Live);
    }

    [Fact]
    public void Training_ThenRestoringExportingAndTranslating_LeavesNoTensor()
    {
        using var folder = new TemporaryFolder();
        AssertNoneLeft(() =>
        {
            using var trainer = new CycleGanTrainer(TinyCohort.Plan, TinyCohort.A, TinyCohort.B);
            Assert.True(Live > 0);
            trainer.Run(folder["checkpoints"], new Recorder(), Ct);
            trainer.Export(folder["model"]);
        });
        AssertNoneLeft(() =>
        {
            using var trainer = new CycleGanTrainer(TinyCohort.Plan, TinyCohort.A, TinyCohort.B);
            Assert.True(trainer.Restore(folder["checkpoints"]));
        });
        AssertNoneLeft(() =>
        {
            using var translator = Translator.Load(folder["model"], "cpu");
            translator.AToB([TinyCohort.A[0].Pixels]);
        });
    }

    [Fact]
    public void Training_HoldsNoMoreTensorsStepByStep()
    {
        using var folder = new TemporaryFolder();
        using var trainer = new CycleGanTrainer(TinyCohort.Plan with { MaxSteps = 12 }, TinyCohort.A, TinyCohort.B);
        var counts = new List<long>();
        trainer.Run(folder.Path, new Recorder { Then = _ => counts.Add(Live) }, Ct);
        Assert.All(counts[4..], count => Assert.Equal(counts[3], count)); // gradients exist from the first step on, the pools are full at the second
    }

    [Fact]
    public void Translation_LeavesNoTensor()
    {
        using var folder = new TemporaryFolder();
        using (var trainer = new CycleGanTrainer(TinyCohort.Plan with { MaxSteps = 1 }, TinyCohort.A, TinyCohort.B))
        {
            trainer.Run(folder["checkpoints"], new Recorder(), Ct);
            trainer.Export(folder["model"]);
        }
        using var translator = Translator.Load(folder["model"], "cpu");
        AssertNoneLeft(() => translator.BToA([.. Enumerable.Repeat(TinyCohort.B[0].Pixels, 20)]));
    }

    [Fact]
    public void FailedCalls_LeaveNoTensor()
    {
        using var folder = new TemporaryFolder();
        AssertNoneLeft(() => Assert.Throws<ArgumentException>(() => new CycleGanTrainer(TinyCohort.Plan, TinyCohort.A, [])));
        using (var trainer = new CycleGanTrainer(TinyCohort.Plan, TinyCohort.A, TinyCohort.B)) trainer.Export(folder["model"]);
        File.WriteAllText(folder["model/plan.json"], (TinyCohort.Plan with { GeneratorWidth = 5 }).ToJson());
        AssertNoneLeft(() => Assert.Throws<InvalidDataException>(() => Translator.Load(folder["model"], "cpu")));
        var file = File.ReadAllBytes(folder["model/weights.safetensors"]);
        AssertNoneLeft(() => Assert.Throws<InvalidDataException>(() => SafeTensors.Read(new MemoryStream(file[..^1]))));
    }

    [Fact]
    public void Encoder_LeavesNoTensor()
    {
        using var folder = new TemporaryFolder();
        AssertNoneLeft(() =>
        {
            using var encoder = CohortEncoder.Train(TinyCohort.A, TinyCohort.Size, seed: 1, steps: 3, Ct);
            encoder.Embed([TinyCohort.A[0].Pixels]);
            encoder.Save(folder["encoder"]);
        });
        AssertNoneLeft(() => CohortEncoder.Load(folder["encoder"]).Dispose());
    }
}
