using MedGan.Models.Losses;
using MedGan.Models.Networks;
using MedGan.Models.Training;
using MedGan.Models.Training.Contrastive;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Training;

public sealed class ContrastiveTranslationTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    internal static ContrastiveTranslationPlan Plan(string method) => new()
    {
        Method = method, ImageSize = TinyCohort.Size, GeneratorWidth = 4, ResidualBlocks = 3, PixelPathWidth = 4, DiscriminatorWidth = 4, BatchSize = 2, Patches = 32, LearningRate = 2e-3,
        MaxSteps = 6, CheckpointEverySteps = 2, SampleEverySteps = 3, Device = "cpu", Threads = 1, Seed = 5,
    };

    [Theory]
    [InlineData("cut", "fp32")]
    [InlineData("fastcut", "bf16")]
    public void KilledTraining_GoesOnFromItsCheckpoint_ToTheBit(string method, string precision)
    {
        using var folder = new TemporaryFolder();
        var plan = Plan(method) with { Precision = precision, LambdaEdges = 1 };
        void Train(string name, TinyPairs.Follower follower)
        {
            using var trainer = new Trainer(plan, new ContrastiveTranslationMethod(plan, TinyCohort.A, TinyCohort.B));
            trainer.Restore(folder[name]);
            trainer.Run(folder[name], follower, Ct);
            trainer.Export(folder[name + "-model"]);
        }
        Train("undisturbed", new());
        Assert.Throws<InvalidOperationException>(() => Train("killed", new() { Then = step => { if (step == 5) throw new InvalidOperationException("killed"); } }));
        Train("killed", new());
        Assert.Equal(File.ReadAllBytes(folder["undisturbed-model/weights.safetensors"]), File.ReadAllBytes(folder["killed-model/weights.safetensors"]));
    }

    [Theory]
    [InlineData("cut", 1)]
    [InlineData("fastcut", 3)]
    public void Training_HoldsPatchesToTheirPlaces(string method, int slices)
    {
        using var folder = new TemporaryFolder();
        var plan = Plan(method) with { MaxSteps = 120, Slices = slices, LambdaNce = 2, CheckpointEverySteps = 1000, SampleEverySteps = 1000 };
        TrainingImage[] sources = [.. TinyCohort.A.Select(i => i with { Pixels = [.. Enumerable.Repeat(i.Pixels, slices).SelectMany(p => p)] })];
        using var trainer = new Trainer(plan, new ContrastiveTranslationMethod(plan, sources, TinyCohort.B));
        var follower = new TinyPairs.Follower();
        trainer.Run(folder["checkpoints"], follower, Ct);
        double Mean(IEnumerable<IReadOnlyDictionary<string, double>> steps) => steps.Average(l => l["nce"]);
        var (early, late) = (Mean(follower.Losses.Take(10)), Mean(follower.Losses.TakeLast(10)));
        Assert.True(late < 0.8 * early, $"the contrastive loss fell from {early} to {late} only");
        using var scope = NewDisposeScope();
        Tensor Image(float[] pixels) => tensor(pixels, [1, 1, TinyCohort.Size, TinyCohort.Size]);
        var rows = trainer.Samples().Images.Chunk(2).ToArray();
        double Alignment(int shift) => rows.Select((row, i) => EdgeAlignmentLoss.Of(Image(row[0]), Image(rows[(i + shift) % rows.Length][1])).ToSingle()).Average();
        var (own, others) = (Alignment(0), Alignment(1));
        Assert.True(own < 0.7 * others, $"a translation's edges lie {own} from its source's, {others} from another's");
    }

    /// <summary>The stages are the network's own layers, and what they see last is what its second half gets.</summary>
    [Fact]
    public void Encoder_IsTheFirstHalfOfTheGenerator()
    {
        using var scope = NewDisposeScope();
        using var network = new ResNetGenerator(4, 6);
        network.Initialise(new SeededRandom(1));
        var image = rand(2, 1, 32, 32);
        var seen = network.Encode(image);
        Assert.Equal(ResNetGenerator.EncodedChannels(4), seen.Select(s => (int)s.shape[1]));
        Assert.Equal([32, 16, 8, 8, 8], seen.Select(s => s.shape[3]));
        var layers = network.named_children().Single(c => c.name == "layers").module;
        var x = seen[^1];
        foreach (var (_, layer) in layers.named_children().SkipWhile(c => c.name != "up1")) x = ((nn.Module<Tensor, Tensor>)layer).call(x);
        Assert.True(x.tanh().allclose(network.call(image), atol: 1e-5));
        Assert.Equal(network.state_dict().Count, network.parameters().Count());
    }

    [Fact]
    public void Image_OfAnotherSize_IsRefusedWithItsPatientAndDomain()
    {
        var refused = Assert.Throws<ArgumentException>(() => new ContrastiveTranslationMethod(Plan("cut"), TinyCohort.A, [TinyCohort.B[0], new TrainingImage("patient-x", [1, 2])]));
        Assert.Contains("patient-x", refused.Message);
        Assert.Contains("target", refused.Message);
    }
}
