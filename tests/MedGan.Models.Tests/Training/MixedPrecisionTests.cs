using MedGan.Models.Networks;
using MedGan.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Training;

public sealed class MixedPrecisionTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static CycleGanPlan Plan => TinyCohort.Plan with { MaxSteps = 40, CheckpointEverySteps = 100, SampleEverySteps = 100 };

    private static List<StepLosses> Curve(CycleGanPlan plan)
    {
        using var folder = new TemporaryFolder();
        var recorder = new Recorder();
        using var trainer = TinyCohort.Trainer(plan);
        trainer.Run(folder["checkpoints"], recorder, Ct);
        return recorder.Steps;
    }

    [Fact]
    public void LossCurve_InBFloat16_IsThatOfSinglePrecisionWithinFivePerCent()
    {
        var (single, half) = (Curve(Plan), Curve(Plan with { Precision = "bf16" }));
        double Late(List<StepLosses> steps) => steps.Skip(30).Average(s => s["generator"]);
        Assert.NotEqual(single[0]["generator"], half[0]["generator"]);
        Assert.Equal(single[0]["generator"], half[0]["generator"], 0.01 * single[0]["generator"]);
        Assert.Equal(Late(single), Late(half), 0.05 * Late(single));
        Assert.True(Late(half) < 0.9 * half[0]["generator"], $"{half[0]["generator"]} only fell to {Late(half)}");
    }

    [Fact]
    public void Training_InBFloat16_GoesOnFromACheckpoint_ToTheBit()
    {
        var plan = TinyCohort.Plan with { Precision = "bf16" };
        using var folder = new TemporaryFolder();
        void Train(string name, ITrainingFollower observer)
        {
            using var trainer = TinyCohort.Trainer(plan);
            trainer.Restore(folder[name]);
            trainer.Run(folder[name], observer, Ct);
            trainer.Export(folder[name + "-model"]);
        }
        Train("undisturbed", new Recorder());
        Assert.Throws<InvalidOperationException>(() => Train("killed", new Recorder { Then = l => { if (l.Step == 5) throw new InvalidOperationException("killed"); } }));
        Train("killed", new Recorder());
        Assert.Equal(File.ReadAllBytes(folder["undisturbed-model/weights.safetensors"]), File.ReadAllBytes(folder["killed-model/weights.safetensors"]));
    }

    /// <summary>A power of two changes no digit of a bfloat16 number.</summary>
    [Fact]
    public void Gradients_OfAScaledLoss_AreThoseOfTheLossItself()
    {
        using var scope = NewDisposeScope();
        using var master = new PatchDiscriminator(4);
        Initialisation.Normal(master, new SeededRandom(1, stream: 1));
        using var copy = new WorkingCopy(master, Precision.Of("bf16"), () => new PatchDiscriminator(4), CPU);
        var image = tensor(TinyCohort.A[0].Pixels, [1, 1, TinyCohort.Size, TinyCohort.Size]);
        float[][] Gradients(LossScale scale)
        {
            copy.Clear();
            scale.Apply(copy.Call(image).square().mean()).backward();
            Assert.True(copy.HandGradients(scale));
            return [.. master.parameters().Select(p => p.grad!.to(ScalarType.Float32).contiguous().data<float>().ToArray())];
        }
        var plain = Gradients(new LossScale(1));
        Assert.Contains(plain, gradient => gradient.Any(v => v != 0));
        Assert.Equal(plain, Gradients(new LossScale(1024)));
    }

    [Fact]
    public void LossScale_HalvesWhereAGradientOverflows_AndDoublesAfterAWhile()
    {
        using var scope = NewDisposeScope();
        var scale = new LossScale(8);
        Assert.False(scale.Holds(tensor(new[] { 1f, float.PositiveInfinity })));
        Assert.False(scale.Update(finite: false));
        Assert.Equal((4, 0), scale.State);
        for (var i = 0; i < 2000; i++) Assert.True(scale.Update(finite: true));
        Assert.Equal((8, 0), scale.State);
        var none = new LossScale(1);
        Assert.True(none.Update(finite: false));
        Assert.Equal(1, none.State.Value);
    }

    [Fact]
    public void Plan_InFp16OnAProcessor_IsRefused()
    {
        Assert.Contains((Plan with { Precision = "fp16" }).Validate(), e => e.Contains("CUDA", StringComparison.Ordinal));
        Assert.Contains((Plan with { Precision = "fp8" }).Validate(), e => e.Contains("fp8", StringComparison.Ordinal));
        var auto = Plan with { Precision = "fp16", Device = "auto" };
        Assert.Empty(auto.Validate());
        if (!cuda.is_available()) Assert.Throws<InvalidOperationException>(() => TinyCohort.Trainer(auto));
    }

    [Fact]
    public void Translations_InBFloat16_AreThoseOfSinglePrecisionToSomeThousandths()
    {
        using var folder = new TemporaryFolder();
        using (var trainer = TinyCohort.Trainer(Plan)) trainer.Export(folder["model"]);
        float[] Translated(string precision)
        {
            using var translator = MedGan.Models.Sampling.Translator.Load(folder["model"], "cpu", precision);
            return translator.AToB([TinyCohort.A[0].Pixels])[0];
        }
        var (single, half) = (Translated("fp32"), Translated("bf16"));
        var differences = single.Zip(half, (x, y) => Math.Abs(x - y)).ToArray();
        Assert.InRange(differences.Max(), 1e-6, 0.03);
        Assert.InRange(differences.Average(), 0, 0.005);
        Assert.Throws<ArgumentException>(() => MedGan.Models.Sampling.Translator.Load(folder["model"], "cpu", "int8"));
    }
}
