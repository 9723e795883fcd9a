using System.Text.Json.Nodes;
using MedGan.Models.Networks;
using MedGan.Models.Sampling;
using MedGan.Models.Training;
using MedGan.Models.Training.Volumes;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Training;

public sealed class VolumeTranslationTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Training_OnPatches_LearnsTheTranslationOfVolumesItNeverSaw()
    {
        using var folder = new TemporaryFolder();
        var plan = TinyVolumes.Plan with { MaxSteps = 120, EmaDecay = 0.9, CheckpointEverySteps = 1000, SampleEverySteps = 1000 };
        var method = new VolumeTranslationMethod(plan, TinyVolumes.Pairs[..3], TinyVolumes.Pairs[3..]);
        using var trainer = new Trainer(plan, method);
        var before = method.Error(TinyVolumes.Pairs[3..]);
        trainer.Run(folder["checkpoints"], new TinyPairs.Follower(), Ct);
        var after = method.Error(TinyVolumes.Pairs[3..]);
        Assert.True(after < 0.3 * before, $"the error fell from {before} to {after} only");

        trainer.Export(folder["model"]);
        using var translator = VolumeTranslator.Load(folder["model"], "cpu");
        var pair = TinyVolumes.Pairs[3];
        var made = translator.Translate(pair.Source, pair.Slices);
        Assert.Equal(after, made.Zip(pair.Target).Average(v => Math.Abs((double)v.First - v.Second)), 1e-4);
        var sheet = trainer.Samples();
        Assert.Equal((3, 3), (sheet.Columns, sheet.Images.Count));
        var middle = TinyVolumes.Slices / 2 * TinyVolumes.Size * TinyVolumes.Size;
        Assert.Equal(pair.Source[middle..(middle + 256)], sheet.Images[0]);
        Assert.All(made[middle..(middle + 256)].Zip(sheet.Images[1]), v => Assert.Equal(v.Second, v.First, 1e-4));
        Assert.Equal(2 * 256, translator.Translate(pair.Source[..512], 2).Length);
        Assert.Throws<ArgumentException>(() => translator.Translate(pair.Source, 3));
        Assert.Throws<InvalidDataException>(() => SliceTranslator.Load(folder["model"], "cpu"));
    }

    [Fact]
    public void ResumedTraining_HasTheUndisturbedOnesBits()
    {
        var plan = TinyVolumes.Plan with { Accumulate = 2, AugmentFlip = true };
        byte[][] Bits(VolumeTranslationMethod trained)
        {
            using var scope = NewDisposeScope();
            return [.. trained.Tensors().Values.Select(t => t.detach().contiguous().bytes.ToArray())];
        }
        using var undisturbed = new VolumeTranslationMethod(plan, TinyVolumes.Pairs);
        for (var step = 0; step < 5; step++) undisturbed.TakeStep(step, step / 6.0);
        using var stopped = new VolumeTranslationMethod(plan, TinyVolumes.Pairs);
        for (var step = 0; step < 3; step++) stopped.TakeStep(step, step / 6.0);
        using var resumed = new VolumeTranslationMethod(plan, TinyVolumes.Pairs);
        using (no_grad())
            foreach (var (name, value) in resumed.Tensors()) value.copy_(stopped.Tensors()[name]);
        resumed.Counters = JsonNode.Parse(stopped.Counters.ToJsonString())!.AsObject();
        for (var step = 3; step < 5; step++) resumed.TakeStep(step, step / 6.0);
        Assert.Equal(Bits(undisturbed), Bits(resumed));
        Assert.NotEqual(Bits(stopped), Bits(resumed));
    }

    [Fact]
    public void Patches_LieAtTheSamePlaceInBothVolumes()
    {
        using var scope = NewDisposeScope();
        VolumePair[] pairs = [.. TinyVolumes.Pairs.Select(p => p with { Target = [.. p.Source.Select(v => -v)] })];
        var patches = new VolumePatches(TinyVolumes.Plan with { AugmentFlip = true, BatchSize = 8 }, pairs);
        var (source, target) = patches.Next(CPU);
        Assert.Equal([8, 1, 4, 8, 8], source.shape);
        Assert.Equal(source.data<float>().ToArray(), (-target).data<float>().ToArray());
        Assert.True(source.amax([1, 2, 3, 4]).min().ToDouble() > 0.5); // no patch is of air alone
        Assert.True((source[0] - source[4]).abs().max().ToDouble() > 0.1); // other places of the same volume
    }

    /// <summary>With its kernels' middle slices alone, a network of volumes does with each of many equal slices what the network of images does with one.</summary>
    [Fact]
    public void NetworkOfVolumes_OnEqualSlices_IsTheNetworkOfImages()
    {
        using var scope = NewDisposeScope();
        using var flat = new ResidualUNet(4, 2, 1);
        using var deep = new ResidualUNet(4, 2, 1, dimensions: 3);
        flat.Initialise(new SeededRandom(1));
        using (no_grad())
            foreach (var (name, weight) in deep.state_dict())
            {
                var own = flat.state_dict()[name];
                if (weight.dim() < 5) weight.copy_(own);
                else weight.zero_().narrow(2, 1, 1).copy_(own.unsqueeze(2));
            }
        var image = rand(2, 1, 16, 16) * 2 - 1;
        var made = deep.call(image.unsqueeze(2).expand(2, 1, 8, 16, 16));
        Assert.Equal([2, 1, 8, 16, 16], made.shape);
        var expected = flat.call(image).unsqueeze(2);
        Assert.Equal(0, (made - expected).abs().max().ToDouble(), 1e-4);
        Assert.True(expected.std().ToDouble() > 1e-3);
    }

    [Fact]
    public void Volumes_ThatDoNotFit_AreRefusedWithTheirPatient()
    {
        VolumeTranslationMethod Of(VolumePair pair) => new(TinyVolumes.Plan, [TinyVolumes.Pairs[0], pair]);
        Assert.Contains("patient-1 has 3 slices", Assert.Throws<ArgumentException>(() => Of(TinyVolumes.Pairs[1] with { Slices = 3 })).Message);
        Assert.Contains("patient-1", Assert.Throws<ArgumentException>(() => Of(TinyVolumes.Pairs[1] with { Target = [1] })).Message);
        Assert.Throws<ArgumentException>(() => new VolumeTranslationMethod(TinyVolumes.Plan, []));
    }

    [Theory]
    [InlineData("patchDepth", 6, 2), InlineData("patchSize", 12, 3), InlineData("patchDepth", 4, 2)]
    public void Patch_ThatCannotBeHalved_IsRefused(string field, int side, int levels)
    {
        var plan = TinyVolumes.Plan with { ImageSize = 64, PatchSize = field == "patchSize" ? side : 32, PatchDepth = field == "patchDepth" ? side : 16, Levels = levels };
        Assert.Contains(field, Assert.Single(plan.Validate()));
    }

    [Fact]
    public void Precision_OtherThanSingle_IsRefused() => Assert.StartsWith("precision must be fp32", Assert.Single((TinyVolumes.Plan with { Precision = "bf16" }).Validate()));
}
