using System.Text.Json.Nodes;
using MedGan.Models.Networks;
using MedGan.Models.Sampling;
using MedGan.Models.Training;
using MedGan.Models.Training.Contrastive;
using MedGan.Models.Training.Paired;
using MedGan.Models.Training.SuperResolution;
using MedGan.Models.Checkpoints;
using MedGan.Models.Tests.Training.ClassConditional;
using MedGan.Models.Tests.Training.SuperResolution;
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
        ["residual U-Net, cohort's features, feature matching, two batches a step"] = TinyPairs.Plan("residual-unet") with
        {
            LambdaFeature = 1, FeatureNetwork = "cohort", FeatureSteps = 2, LambdaFeatureMatching = 10, Accumulate = 2, BatchSize = 1,
        },
        ["FastCUT, mutual information, two batches a step, bf16"] = ContrastiveTranslationTests.Plan("fastcut") with { LambdaMutualInformation = 1, Accumulate = 2, Precision = "bf16" },
        ["ESRGAN, two batches a step"] = TinySuperResolution.Game("esrgan") with { Accumulate = 2, PretrainShare = 0.3 },
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
        if (plan is not TranslationPlan) return;

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

    [Theory]
    [InlineData("pix2pix"), InlineData("residual-unet"), InlineData("cut"), InlineData("fastcut"), InlineData("rrdb")]
    public void StepOfSeveralBatches_HasTheGradientsAndLossesOfOneBatchOfAll(string method)
    {
        TrainingPlan plan = method switch
        {
            "cut" or "fastcut" => ContrastiveTranslationTests.Plan(method) with { LambdaEdges = 1, LambdaMutualInformation = 1, BatchSize = 4 },
            "rrdb" => TinySuperResolution.Plan(method) with { BatchSize = 4 },
            _ => TinyPairs.Plan(method) with { BatchSize = 4 },
        };
        using var whole = Method(plan);
        Assert.Equal(4, whole.ImagesPerStep);
        var expected = whole.TakeStep(0, 0);
        foreach (var batches in new[] { 2, 4 })
        {
            using var parts = Method(plan with { BatchSize = 4 / batches, Accumulate = batches });
            Assert.Equal(4, parts.ImagesPerStep);
            var actual = parts.TakeStep(0, 0);
            Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
            foreach (var (name, loss) in expected) Assert.Equal(loss, actual[name], 1e-4 * Math.Max(1, Math.Abs(loss)));
            using var scope = NewDisposeScope();
            // Adam's first moments are a share of the gradients; the weights themselves turn on the sign of gradients that are nothing but rounding
            foreach (var (name, mean) in whole.Tensors().Where(t => t.Key.EndsWith(".mean", StringComparison.Ordinal)))
            {
                var difference = (mean - parts.Tensors()[name]).abs().max().ToDouble();
                Assert.True(difference <= 1e-5 + 1e-3 * mean.abs().max().ToDouble(), $"{name} of {batches} batches differs by {difference} of {mean.abs().max().ToDouble()}");
            }
        }
    }

    [Fact]
    public void FeatureNetwork_OfAFile_IsUsed_AndNotTrained()
    {
        using var folder = new TemporaryFolder();
        using (var network = new SqueezeNet()) SafeTensors.Write(folder["squeezenet"], network.state_dict());
        var plan = TinyPairs.Plan("residual-unet") with { LambdaFeature = 1, FeatureNetwork = "squeezenet", LambdaAdversarial = 0 };
        Assert.Throws<ArgumentException>(() => new PairedTranslationMethod(plan, TinyPairs.Images));
        using var method = new PairedTranslationMethod(plan, TinyPairs.Images, featureFile: folder["squeezenet"]);
        byte[][] Features() => [.. method.Tensors().Where(t => t.Key.StartsWith("features.", StringComparison.Ordinal)).Select(t => t.Value.detach().contiguous().bytes.ToArray())];
        var before = Features();
        var losses = method.TakeStep(0, 0);
        Assert.Equal(["feature", "generator", "gradient", "l1", "structure"], losses.Keys.Order());
        Assert.Equal(100 * losses["l1"] + losses["gradient"] + losses["structure"] + losses["feature"], losses["generator"], 1e-3);
        Assert.NotEmpty(before);
        Assert.Equal(before, Features());
    }

    [Fact]
    public void FeatureMatching_AddsToTheLoss_AtEveryScale()
    {
        var plan = TinyPairs.Plan("residual-unet") with { ImageSize = 64, DiscriminatorScales = 2, LambdaFeatureMatching = 10 };
        float[] Doubled(float[] image) => [.. Enumerable.Range(0, 64 * 64).Select(i => image[i / 64 / 2 * TinyCohort.Size + i % 64 / 2])];
        using var method = new PairedTranslationMethod(plan, [.. TinyPairs.Images.Select(p => p with { Source = Doubled(p.Source), Target = Doubled(p.Target) })]);
        var losses = method.TakeStep(0, 0);
        Assert.True(losses["featureMatching"] > 0);
        Assert.Equal(100 * losses["l1"] + losses["gradient"] + losses["structure"] + losses["adversarial"] + 10 * losses["featureMatching"], losses["generator"], 1e-3);
    }

    [Fact]
    public void Options_ThatMakeNoSense_AreRefusedByName()
    {
        void Refused(TrainingPlan plan, string field) => Assert.StartsWith(field, Assert.Single(plan.Validate()));
        Refused(TinyPairs.Plan("residual-unet") with { LambdaAdversarial = 0, SpectralNorm = true }, "spectralNorm");
        Refused(TinyPairs.Plan("residual-unet") with { Levels = 5, Attention = true }, "attention");
        Refused(TinyPairs.Plan("residual-unet") with { LambdaAdversarial = 0, LambdaFeatureMatching = 1 }, "lambdaFeatureMatching");
        Refused(TinyPairs.Plan("residual-unet") with { LambdaFeature = 1 }, "lambdaFeature above 0 needs a featureNetwork");
        Refused(TinyPairs.Plan("residual-unet") with { FeatureNetwork = "cohort" }, "lambdaFeature above 0 needs a featureNetwork");
        Refused(TinyPairs.Plan("residual-unet") with { LambdaFeature = 1, FeatureNetwork = "vgg" }, "featureNetwork must be one of");
        Refused(TinyPairs.Plan("residual-unet") with { Accumulate = 65 }, "accumulate");
        Refused(ContrastiveTranslationTests.Plan("cut") with { LambdaMutualInformation = -1 }, "lambdaMutualInformation");
        Refused(ContrastiveTranslationTests.Plan("cut") with { MutualInformationBins = 4 }, "mutualInformationBins");
        foreach (var method in new[] { "dcgan", "stylegan2-ada" }) Refused(TinyClasses.Plan(method) with { Accumulate = 2 }, $"accumulate must be 1: {method}");
    }

    private static ITrainingMethod Method(TrainingPlan plan) => plan switch
    {
        PairedTranslationPlan paired => new PairedTranslationMethod(paired, TinyPairs.Images),
        ContrastiveTranslationPlan contrastive => new ContrastiveTranslationMethod(contrastive, TinyCohort.A, TinyCohort.B),
        SuperResolutionPlan finer => new SuperResolutionMethod(finer, TinySuperResolution.Images(finer.Slices)),
        _ => throw new ArgumentException(plan.Method),
    };

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
