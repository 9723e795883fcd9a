using System.Text.Json.Nodes;
using MedGan.Models.Losses;
using MedGan.Models.Networks.SuperResolution;
using MedGan.Models.Sampling;
using MedGan.Models.Training;
using MedGan.Models.Training.Degradation;
using MedGan.Models.Training.SuperResolution;
using MedGan.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Training.SuperResolution;

public class SuperResolutionMethodTests
{
    [Theory]
    [InlineData("srresnet", "fp32"), InlineData("srgan", "fp32"), InlineData("rrdb", "fp32"), InlineData("esrgan", "bf16")]
    public void ResumedTraining_HasTheUndisturbedOnesBits(string method, string precision)
    {
        var plan = (method is "srgan" or "esrgan" ? TinySuperResolution.Game(method) : TinySuperResolution.Plan(method)) with { Precision = precision, BatchNorm = method == "srresnet" };
        var images = TinySuperResolution.Images(plan.Slices);
        byte[][] Weights(SuperResolutionMethod trained)
        {
            using var scope = NewDisposeScope();
            return [.. trained.Tensors().Values.Select(t => t.detach().contiguous().bytes.ToArray())];
        }

        using var undisturbed = new SuperResolutionMethod(plan, images);
        for (var step = 0; step < 6; step++) undisturbed.TakeStep(step, step / 6.0);

        using var stopped = new SuperResolutionMethod(plan, images);
        for (var step = 0; step < 4; step++) stopped.TakeStep(step, step / 6.0);
        using var resumed = new SuperResolutionMethod(plan, images);
        Assert.Equal(stopped.Fingerprint, resumed.Fingerprint);
        using (no_grad())
            foreach (var (name, tensor) in resumed.Tensors()) tensor.copy_(stopped.Tensors()[name]);
        resumed.Counters = JsonNode.Parse(stopped.Counters.ToJsonString())!.AsObject();
        for (var step = 4; step < 6; step++) resumed.TakeStep(step, step / 6.0);

        Assert.Equal(Weights(undisturbed), Weights(resumed));
        Assert.NotEqual(Weights(stopped), Weights(resumed));
    }

    [Fact]
    public void Game_BeginsAfterThePretraining_AndTellsItsLosses()
    {
        using var method = new SuperResolutionMethod(TinySuperResolution.Game("esrgan"), TinySuperResolution.Images(3));
        Assert.Equal(["content", "generator"], method.TakeStep(0, 0).Keys.Order());
        var losses = method.TakeStep(1, 0.5);
        Assert.Equal(["adversarial", "content", "discriminator", "discriminatorAccuracy", "feature", "generator"], losses.Keys.Order());
        Assert.Equal(losses["content"] + 5e-3 * losses["adversarial"] + 0.1 * losses["feature"], losses["generator"], 1e-5);
        Assert.InRange(losses["discriminatorAccuracy"], 0, 1);
    }

    [Fact]
    public void Discriminator_LearnsInTheGameOnly_TheFeatureNetworkNever()
    {
        using var method = new SuperResolutionMethod(TinySuperResolution.Game("srgan"), TinySuperResolution.Images(3));
        double Sum(string prefix)
        {
            using var scope = NewDisposeScope();
            return method.Tensors().Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal)).Sum(t => t.Value.detach().abs().sum().ToDouble());
        }
        var (generator, discriminator, features) = (Sum("generator."), Sum("discriminator."), Sum("features."));
        method.TakeStep(0, 0.2);
        Assert.NotEqual(generator, Sum("generator."));
        Assert.Equal(discriminator, Sum("discriminator."));
        method.TakeStep(1, 0.6);
        Assert.NotEqual(discriminator, Sum("discriminator."));
        Assert.True(features > 0);
        Assert.Equal(features, Sum("features."));
    }

    [Theory]
    [InlineData("inPlane", "kSpace"), InlineData("throughPlane", "sliceProfile")]
    public void TrainedModel_IsNearerToTheTruthThanBicubic_OnImagesThatItHasNotSeen(string axes, string degradation)
    {
        var plan = TinySuperResolution.Plan("srresnet") with { Axes = axes, Degradation = degradation, PatchSize = 32, GeneratorWidth = 16, TailWidth = 16, BatchSize = 4, LearningRate = 4e-3, EmaDecay = 0.9 };
        const int steps = 250;
        using var method = new SuperResolutionMethod(plan, TinySuperResolution.Images());
        for (var step = 0; step < steps; step++) method.TakeStep(step, (double)step / steps);
        using var resolver = new SuperResolver(plan, method.ExportedWeights(), "cpu");
        using var scope = NewDisposeScope();
        var fine = tensor(TinyCohort.A[6].Pixels, [1, 1, 32, 32]);
        var rows = degradation == "kSpace" ? KSpaceTruncation.Of(32, 2, KSpaceWindow.Tukey) : SliceProfile.Of(32, 2, SliceShape.Gaussian, 2, 1);
        var coarse = AxisOperator.Apply(fine, rows, axes == "inPlane" ? rows : AxisOperator.Identity(32));
        double Error(Tensor made) => (made - fine).square().mean().ToDouble();
        var (height, width) = ((int)coarse.shape[2], (int)coarse.shape[3]);
        var made = tensor(resolver.Upscale(coarse.data<float>().ToArray(), height, width), fine.shape);
        Assert.True(Error(made) < 0.85 * Error(BicubicUpsampling.Of(coarse, plan.Magnification)), $"{Error(made)} against {Error(BicubicUpsampling.Of(coarse, plan.Magnification))}");
    }

    [Fact]
    public void Game_FromAContentModel_BeginsAsThatModel_AndIsAnotherTrainingThanOneFromAnother()
    {
        using var folder = new TemporaryFolder();
        var (content, images) = (TinySuperResolution.Plan("srresnet") with { PatchSize = 32, Slices = 3 }, TinySuperResolution.Images(3));
        void Train(string name, int steps)
        {
            using var trainer = new Trainer(content with { MaxSteps = steps }, new SuperResolutionMethod(content, images));
            trainer.Run(folder[name + "-checkpoints"], new TinyPairs.Follower(), TestContext.Current.CancellationToken);
            trainer.Export(folder[name]);
        }
        Train("content", 3);
        Train("other", 4);
        var plan = TinySuperResolution.Game("srgan") with { PretrainShare = 0, TransferFrom = folder["content"] };
        using var game = new SuperResolutionMethod(plan, images);
        using var start = SuperResolver.Load(folder["content"], "cpu");
        using var begun = new SuperResolver(plan, game.ExportedWeights(), "cpu");
        Assert.Equal(start.Upscale(images[0].Pixels[..768], 16, 16), begun.Upscale(images[0].Pixels[..768], 16, 16));
        Assert.Contains("adversarial", game.TakeStep(0, 0).Keys);
        using var fromOther = new SuperResolutionMethod(plan with { TransferFrom = folder["other"] }, images);
        Assert.NotEqual(game.Fingerprint, fromOther.Fingerprint);

        var wrong = Assert.Throws<InvalidDataException>(() => new SuperResolutionMethod(plan with { Factor = 4, GeneratorWidth = 12 }, images));
        Assert.Contains("factor is 2, the plan's 4", wrong.Message);
        Assert.Contains("generatorWidth is 8, the plan's 12", wrong.Message);
        File.WriteAllText(folder["other/plan.json"], TinyPairs.Plan("pix2pix").ToJson());
        Assert.Throws<InvalidDataException>(() => new SuperResolutionMethod(plan with { TransferFrom = folder["other"] }, images));
    }

    [Fact]
    public void Error_IsThatOfWhatTheModelMakesOfDegradedImages()
    {
        var (plan, images) = (TinySuperResolution.Plan("rrdb") with { Degradation = "blur", BlurFwhm = 0 }, TinySuperResolution.Images()[..2]);
        using var method = new SuperResolutionMethod(plan, images);
        foreach (var weight in method.ExportedWeights().Values) using (no_grad()) weight.zero_(); // leaves bicubic interpolation
        var squares = images.SelectMany(image =>
        {
            // by hand: means of 2 x 2 pixels, then Keys' kernel along rows and columns
            float At(float[] p, int y, int x, int n) => p[Math.Clamp(y, 0, n - 1) * n + Math.Clamp(x, 0, n - 1)];
            float[] coarse = [.. Enumerable.Range(0, 256).Select(i => Enumerable.Range(0, 4).Average(k => image.Pixels[(i / 16 * 2 + k / 2) * 32 + i % 16 * 2 + k % 2]))];
            return image.Pixels.Select((truth, i) =>
            {
                var (y, x) = ((i / 32 + 0.5) / 2 - 0.5, (i % 32 + 0.5) / 2 - 0.5);
                var made = 0.0;
                for (var row = (int)y - 2; row <= y + 2; row++)
                    for (var column = (int)x - 2; column <= x + 2; column++)
                        made += BicubicUpsampling.Kernel(y - row) * BicubicUpsampling.Kernel(x - column) * At(coarse, row, column, 16);
                return Math.Pow(Math.Clamp(made, -1, 1) - truth, 2);
            });
        });
        Assert.Equal(Math.Sqrt(squares.Average()), method.Error(images), 1e-5);
    }

    [Fact]
    public void Samples_AreBicubicModelAndTruthBesideEachOther()
    {
        using var method = new SuperResolutionMethod(TinySuperResolution.Plan("rrdb"), TinySuperResolution.Images());
        var sheet = method.Samples();
        Assert.Equal((3, 32, 32, 12), (sheet.Columns, sheet.Height, sheet.Width, sheet.Images.Count));
        Assert.Equal(TinyCohort.A[0].Pixels, sheet.Images[2]);
        Assert.InRange(sheet.Images[0].Zip(sheet.Images[2]).Average(p => Math.Abs(p.First - p.Second)), 1e-3, 0.2);
        Assert.NotEqual(sheet.Images[0], sheet.Images[2]);
    }

    [Fact]
    public void Images_ThatDoNotFit_AreRefused_AndLeaveNoTensor()
    {
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        Assert.Throws<ArgumentException>(() => new SuperResolutionMethod(TinySuperResolution.Plan("rrdb"), []));
        Assert.Throws<ArgumentException>(() => new SuperResolutionMethod(TinySuperResolution.Plan("rrdb") with { Slices = 3 }, TinySuperResolution.Images()));
        Assert.Throws<ArgumentException>(() => new SuperResolutionMethod(TinySuperResolution.Game("esrgan") with { FeatureNetwork = "squeezenet" }, TinySuperResolution.Images(3)));
        Assert.Throws<InvalidPlanException>(() => new SuperResolutionMethod(TinySuperResolution.Plan("rrdb") with { Factor = 7 }, TinySuperResolution.Images()));
        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void ContentLosses_AreTheirFormulas()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (tensor(new[] { 0f, 0.5f, -1f }, [1, 1, 1, 3]), tensor(new[] { 0f, 0.75f, 0f }, [1, 1, 1, 3]));
        Assert.Equal(1.25 / 3, ContentLoss.Of("l1", x, y).ToDouble(), 1e-6);
        Assert.Equal(1.0625 / 3, ContentLoss.Of("mse", x, y).ToDouble(), 1e-6);
        Assert.Equal((1e-3 + Math.Sqrt(0.0625 + 1e-6) + Math.Sqrt(1 + 1e-6)) / 3, ContentLoss.Of("charbonnier", x, y).ToDouble(), 1e-6);
        Assert.Throws<ArgumentException>(() => ContentLoss.Of("l3", x, y));
    }

    [Fact]
    public void FeatureLoss_IsZeroForEqualImages_OneAgainstNothing_AndMovesTheReconstructionOnly()
    {
        using var scope = NewDisposeScope();
        var x = rand(2, 1, 8, 8).requires_grad_();
        var y = rand(2, 1, 8, 8).requires_grad_();
        Assert.Equal(0, FeatureLoss.Of(new Scales(), x, x).ToDouble());
        Assert.Equal(1, FeatureLoss.Of(new Scales(), x, zeros_like(x)).ToDouble(), 1e-5); // of any scale
        FeatureLoss.Of(new Scales(), x, y).backward();
        Assert.True(y.grad!.abs().sum().ToDouble() > 0);
        Assert.True(x.grad is null);
    }

    private sealed class Scales : MedGan.Models.Networks.IFeatureMaps
    {
        public IReadOnlyList<Tensor> Maps(Tensor image) => [1000 * image, image.narrow(2, 0, 4)];
    }
}
