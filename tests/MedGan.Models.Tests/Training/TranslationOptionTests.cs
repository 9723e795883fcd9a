using System.Text.Json.Nodes;
using MedGan.Models.Networks;
using MedGan.Models.Sampling;
using MedGan.Models.Training;
using MedGan.Models.Training.Contrastive;
using MedGan.Models.Training.Paired;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Training;

/// <summary>What the plans of translation can ask for beside their methods.</summary>
public sealed class TranslationOptionTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static readonly Dictionary<string, TrainingPlan> Plans = new()
    {
        ["pix2pix, spectral norm, attention"] = TinyPairs.Plan("pix2pix") with { SpectralNorm = true, Attention = true },
        ["residual U-Net, spectral norm, attention, bf16"] = TinyPairs.Plan("residual-unet") with { SpectralNorm = true, Attention = true, Precision = "bf16" },
        ["CUT, spectral norm, attention, bf16"] = ContrastiveTranslationTests.Plan("cut") with { SpectralNorm = true, Attention = true, Precision = "bf16" },
    };

    public static TheoryData<string> Names => [.. Plans.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void ResumedTraining_HasTheUndisturbedOnesBits_AndItsModelTranslates(string name)
    {
        var plan = Plans[name];
        using var undisturbed = Method(plan);
        Take(undisturbed, 0, 5);

        using var stopped = Method(plan);
        Take(stopped, 0, 3);
        using var resumed = Method(plan);
        using (no_grad())
            foreach (var (tensor, value) in resumed.Tensors()) value.copy_(stopped.Tensors()[tensor]);
        resumed.Counters = JsonNode.Parse(stopped.Counters.ToJsonString())!.AsObject();
        Take(resumed, 3, 5);

        Assert.Equal(Bits(undisturbed), Bits(resumed));
        Assert.NotEqual(Bits(stopped), Bits(resumed));

        using var folder = new TemporaryFolder();
        using var trainer = new Trainer(plan, resumed);
        trainer.Export(folder["model"]);
        using var translator = SliceTranslator.Load(folder["model"], "cpu");
        foreach (var row in resumed.Samples().Images.Chunk(plan is PairedTranslationPlan ? 3 : 2))
            Assert.All(translator.Translate([row[0]])[0].Zip(row[1]), p => Assert.Equal(p.Second, p.First, 1e-4));
    }

    [Theory]
    [InlineData("pix2pix"), InlineData("residual-unet"), InlineData("cut")]
    public void Attention_BeginsAsTheIdentity_AndLearns(string method)
    {
        TrainingPlan plan = method == "cut" ? ContrastiveTranslationTests.Plan("cut") with { Attention = true } : TinyPairs.Plan(method) with { Attention = true };
        using var trained = Method(plan);
        double Gamma() => trained.Tensors().Single(t => t.Key.StartsWith("generator.", StringComparison.Ordinal) && t.Key.EndsWith("attention.gamma", StringComparison.Ordinal)).Value.ToDouble();
        Assert.Equal(0, Gamma());
        Take(trained, 0, 2);
        Assert.NotEqual(0, Gamma());
    }

    [Fact]
    public void SpectralNorm_OfADiscriminator_DividesEveryLayerByItsLargestSingularValue_FromTheFirstStepOn()
    {
        using var scope = NewDisposeScope();
        using var discriminator = new PatchDiscriminator(8, 2, new SeededRandom(3));
        var tensors = discriminator.state_dict();
        var layers = tensors.Keys.Where(k => k.EndsWith(".u", StringComparison.Ordinal)).Select(k => k[..^2]).ToArray();
        Assert.Equal(5, layers.Length);
        Assert.DoesNotContain(discriminator.modules(), m => m is TorchSharp.Modules.InstanceNorm2d);
        foreach (var layer in layers)
        {
            var matrix = tensors[layer + ".layer.weight"].detach().flatten(1);
            var sigma = tensors[layer + ".u"].dot(matrix.mv(tensors[layer + ".v"])).ToDouble();
            Assert.Equal(1, sigma / linalg.svdvals(matrix).max().ToDouble(), 0.03);
        }
    }

    [Fact]
    public void Options_ThatMakeNoSense_AreRefusedByName()
    {
        void Refused(TrainingPlan plan, string field) => Assert.StartsWith(field, Assert.Single(plan.Validate()));
        Refused(TinyPairs.Plan("residual-unet") with { LambdaAdversarial = 0, SpectralNorm = true }, "spectralNorm");
        Refused(TinyPairs.Plan("residual-unet") with { Levels = 5, Attention = true }, "attention");
    }

    private static ITrainingMethod Method(TrainingPlan plan) => plan is PairedTranslationPlan paired
        ? new PairedTranslationMethod(paired, TinyPairs.Images) : new ContrastiveTranslationMethod((ContrastiveTranslationPlan)plan, TinyCohort.A, TinyCohort.B);

    private static void Take(ITrainingMethod method, int from, int to)
    {
        for (var step = from; step < to; step++) method.TakeStep(step, step / 6.0);
    }

    private static byte[][] Bits(ITrainingMethod method)
    {
        using var scope = NewDisposeScope();
        return [.. method.Tensors().Values.Select(t => t.detach().contiguous().bytes.ToArray())];
    }
}
