using System.Text.Json.Nodes;
using MedGan.Models.Training;
using MedGan.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Training;

public sealed class TrainerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static TinyPairs.Follower Nobody => new();

    [Theory]
    [InlineData("pix2pix", "fp32")]
    [InlineData("residual-unet", "bf16")]
    public void KilledTraining_GoesOnFromItsCheckpoint_ToTheBit(string method, string precision)
    {
        using var folder = new TemporaryFolder();
        var plan = TinyPairs.Plan(method) with { Precision = precision };
        void Train(string name, TinyPairs.Follower follower)
        {
            using var trainer = TinyPairs.Trainer(plan);
            trainer.Restore(folder[name]);
            trainer.Run(folder[name], follower, Ct);
            trainer.Export(folder[name + "-model"]);
        }
        Train("undisturbed", Nobody);
        Assert.Throws<InvalidOperationException>(() => Train("killed", new() { Then = step => { if (step == 5) throw new InvalidOperationException("killed"); } }));
        Train("killed", Nobody);
        Assert.Equal(File.ReadAllBytes(folder["undisturbed-model/weights.safetensors"]), File.ReadAllBytes(folder["killed-model/weights.safetensors"]));
        Assert.Equal(File.ReadAllText(folder["undisturbed-model/plan.json"]), File.ReadAllText(folder["killed-model/plan.json"]));
    }

    [Fact]
    public void CancelledTraining_SavesFirst_AndGoesOn()
    {
        using var folder = new TemporaryFolder();
        using var cancel = new CancellationTokenSource();
        using (var trainer = TinyPairs.Trainer(TinyPairs.Plan("residual-unet")))
            Assert.Throws<OperationCanceledException>(() => trainer.Run(folder.Path, new TinyPairs.Follower { Then = step => { if (step == 3) cancel.Cancel(); } }, cancel.Token));
        using var next = TinyPairs.Trainer(TinyPairs.Plan("residual-unet"));
        Assert.True(next.Restore(folder.Path));
        Assert.Equal(3, next.Step);
        Assert.Equal(6, next.Run(folder.Path, Nobody, Ct).Steps);
    }

    [Fact]
    public void Checkpoint_OfAnotherPlanOrOtherImages_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using (var trainer = TinyPairs.Trainer(TinyPairs.Plan("residual-unet"))) trainer.Run(folder.Path, Nobody, Ct);
        using var other = TinyPairs.Trainer(TinyPairs.Plan("residual-unet") with { LambdaL1 = 3 });
        Assert.Throws<InvalidDataException>(() => other.Restore(folder.Path));
        using var fewer = TinyPairs.Trainer(TinyPairs.Plan("residual-unet"), TinyPairs.Images[..^1]);
        Assert.Throws<InvalidDataException>(() => fewer.Restore(folder.Path));
    }

    [Fact]
    public void Budget_OfImages_EndsTheTraining()
    {
        using var folder = new TemporaryFolder();
        using var trainer = TinyPairs.Trainer(TinyPairs.Plan("residual-unet") with { MaxSteps = null, MaxImages = 8, BatchSize = 2 });
        Assert.Equal(4, trainer.Run(folder.Path, Nobody, Ct).Steps);
    }

    [Fact]
    public void Validation_ThatImprovesNoMore_EndsTheTraining_AndTheBestWeightsAreExported_AlsoAfterARestart()
    {
        using var folder = new TemporaryFolder();
        var figures = new Queue<double>([5, 3, 4, 3.5, 9, 9, 9]);
        var plan = TinyPairs.Plan("residual-unet") with { MaxSteps = 50, SampleEverySteps = 1, CheckpointEverySteps = 1, Patience = 2 };
        using (var trainer = TinyPairs.Trainer(plan, validate: figures.Dequeue))
        {
            var result = trainer.Run(folder["checkpoints"], Nobody, Ct);
            Assert.Equal((4, new Validation(2, 3)), (result.Steps, result.Best));
            trainer.Export(folder["best"]);
        }
        using (var restored = TinyPairs.Trainer(plan, validate: figures.Dequeue))
        {
            Assert.True(restored.Restore(folder["checkpoints"]));
            restored.Export(folder["restored"]);
            Assert.Equal(4, restored.Run(folder["checkpoints"], Nobody, Ct).Steps);
        }
        using (var two = TinyPairs.Trainer(plan with { MaxSteps = 50 }, validate: () => 0))
        {
            Assert.Throws<InvalidOperationException>(() => two.Run(folder["two"], new TinyPairs.Follower { Then = step => { if (step == 3) throw new InvalidOperationException(); } }, Ct));
            Assert.True(two.Restore(folder["two"]));
        }
        Assert.Equal(File.ReadAllBytes(folder["best/weights.safetensors"]), File.ReadAllBytes(folder["restored/weights.safetensors"]));
    }

    [Theory]
    [InlineData("generator", double.NaN, "generator is not a finite number")]
    [InlineData("discriminatorAccuracy", 1.0, "the discriminator was right in")]
    [InlineData("diversity", 0.0, "diversity fell to 0")]
    [InlineData("trainingSimilarity", 1.0, "similarity to training images rose to 0.9")]
    public void TrainingThatGoesWrong_StopsAtItsLastCheckpoint_AndSaysWhy(string name, double value, string why)
    {
        using var folder = new TemporaryFolder();
        var plan = TinyPairs.Plan("residual-unet") with { MaxSteps = 1000, CheckpointEverySteps = 4, WatchFromStep = 3, MinDiversity = 0.1, MaxTrainingSimilarity = 0.9 };
        using var method = new Scripted(step => new Dictionary<string, double> { ["generator"] = 1, [name] = step < 9 ? 0.5 : value });
        using var trainer = new Trainer(plan, method);
        var stopped = Assert.Throws<TrainingStoppedException>(() => trainer.Run(folder.Path, Nobody, Ct));
        Assert.Contains(why, stopped.Message);
        Assert.True(stopped.Step >= 10);
        Assert.Equal((stopped.Step - 1) / 4 * 4, stopped.RolledBackTo);
        Assert.Equal(stopped.RolledBackTo, trainer.Step);
        Assert.Equal(trainer.Step, (long)method.Weight.ToDouble());
    }

    [Fact]
    public void Weight_ThatIsNotFinite_IsNeverSaved()
    {
        using var folder = new TemporaryFolder();
        using var method = new Scripted(_ => new Dictionary<string, double> { ["generator"] = 1 });
        using var trainer = new Trainer(TinyPairs.Plan("residual-unet") with { MaxSteps = 100, CheckpointEverySteps = 4 }, method);
        var follower = new TinyPairs.Follower { Then = step => { if (step == 6) method.Weight.fill_(double.PositiveInfinity); } };
        Assert.Equal(4, Assert.Throws<TrainingStoppedException>(() => trainer.Run(folder.Path, follower, Ct)).RolledBackTo);
        Assert.Equal(4, method.Weight.ToDouble());
    }

    [Fact]
    public void Plan_WithErrors_TellsThemAll()
    {
        var plan = TinyPairs.Plan("pix2pix") with { ImageSize = 48, BatchSize = 0, MaxSteps = null, Slices = 2, Precision = "int8" };
        var errors = Assert.Throws<InvalidPlanException>(() => TinyPairs.Trainer(plan)).Errors;
        Assert.Equal(5, errors.Count);
        foreach (var field in new[] { "imageSize", "batchSize", "maxSteps", "slices", "precision" }) Assert.Contains(errors, e => e.Contains(field));
    }

    [Theory]
    [InlineData("""{"method": 3}""", "method must be one of")]
    [InlineData("""{"method": "magic"}""", "method must be one of")]
    [InlineData("""{"method": "pix2pix", "colour": 1}""", "colour")]
    [InlineData("""{"method": "pix2pix", "batchSize": "two"}""", "$.batchSize")]
    [InlineData("{", "cannot be read")]
    public void Text_ThatIsNoPlan_IsRefusedWithTheReason(string json, string reason)
    {
        var refused = Assert.Throws<InvalidDataException>(() => TrainingPlan.FromJson(json));
        Assert.Contains(reason, refused.Message + refused.InnerException?.Message);
    }

    [Fact]
    public void Plan_WrittenAndRead_IsTheSame()
    {
        var plan = TinyPairs.Plan("residual-unet") with { Patience = 3, MaxMinutes = 1.5 };
        Assert.Equal(plan, TrainingPlan.FromJson(plan.ToJson()));
    }

    public static TheoryData<string> ReadyPlans => [.. Directory.GetFiles(Path.Combine(BuiltProgram.Root, "plans"), "*.json").Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(ReadyPlans))]
    public void ReadyPlan_CanBeRun(string name) =>
        Assert.Empty(TrainingPlan.FromJson(File.ReadAllText(Path.Combine(BuiltProgram.Root, "plans", name))).Validate());

    /// <summary>A weight that counts its steps, and losses as told.</summary>
    private sealed class Scripted(Func<long, Dictionary<string, double>> losses) : ITrainingMethod
    {
        public Tensor Weight { get; } = zeros(1);
        public string Fingerprint => "scripted";
        public int ImagesPerStep => 1;
        public JsonObject Counters { get; set; } = [];

        public IReadOnlyDictionary<string, double> TakeStep(long step, double share)
        {
            Weight.add_(1);
            return losses(step);
        }

        public IReadOnlyDictionary<string, Tensor> Tensors() => new Dictionary<string, Tensor> { ["weight"] = Weight };
        public IReadOnlyDictionary<string, Tensor> ExportedWeights() => Tensors();
        public SampleSheet Samples() => new(1, 1, 1, []);
        public void Dispose() => Weight.Dispose();
    }
}
