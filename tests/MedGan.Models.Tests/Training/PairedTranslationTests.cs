using MedGan.Models.Sampling;
using MedGan.Models.Training;
using MedGan.Models.Training.Paired;

namespace MedGan.Models.Tests.Training;

public sealed class PairedTranslationTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("pix2pix", 1)]
    [InlineData("residual-unet", 1)]
    [InlineData("residual-unet", 2)]
    public void Training_OnPairs_LearnsTheTranslationOfPatientsItNeverSaw(string method, int scales)
    {
        using var folder = new TemporaryFolder();
        var plan = TinyPairs.Plan(method) with { ImageSize = scales == 1 ? TinyCohort.Size : 64, DiscriminatorScales = scales, MaxSteps = 150, EmaDecay = 0.9, CheckpointEverySteps = 1000, SampleEverySteps = 1000 };
        PairedImage At(PairedImage pair) => scales == 1 ? pair : new(pair.PatientId, Doubled(pair.Source), Doubled(pair.Target));
        PairedImage[] train = [.. TinyPairs.Images[..4].Select(At)], held = [.. TinyPairs.Images[4..].Select(At)];
        var paired = new PairedTranslationMethod(plan, train, held);
        using var trainer = new Trainer(plan, paired);
        var follower = new TinyPairs.Follower();
        var before = paired.Error(held);
        trainer.Run(folder["checkpoints"], follower, Ct);
        Assert.True(paired.Error(held) < 0.5 * before, $"the error fell from {before} to {paired.Error(held)} only");
        Assert.True(follower.Losses[^1]["l1"] < 0.5 * follower.Losses[0]["l1"]);
        Assert.Equal(["adversarial", "discriminator", "discriminatorAccuracy", "generator", "gradient", "l1", "structure"], follower.Losses[0].Keys.Order());
    }

    [Fact]
    public void Translator_OfAModelFolder_MakesWhatTheSamplesShow()
    {
        using var folder = new TemporaryFolder();
        var plan = TinyPairs.Plan("residual-unet") with { Slices = 3 };
        PairedImage[] pairs = [.. TinyPairs.Images.Select(p => p with { Source = [.. p.Target, .. p.Source, .. p.Target] })];
        using var trainer = TinyPairs.Trainer(plan, pairs);
        trainer.Run(folder["checkpoints"], new TinyPairs.Follower(), Ct);
        trainer.Export(folder["model"]);
        var sheet = trainer.Samples();
        Assert.Equal((3, 12), (sheet.Columns, sheet.Images.Count));
        using var translator = SliceTranslator.Load(folder["model"], "cpu");
        foreach (var row in sheet.Images.Chunk(3))
        {
            var pair = pairs.Single(p => p.Target.SequenceEqual(row[2]));
            Assert.Equal(pair.Source[row[0].Length..(2 * row[0].Length)], row[0]);
            var made = translator.Translate([pair.Source])[0];
            Assert.All(made.Zip(row[1]), p => Assert.Equal(p.Second, p.First, 1e-4));
        }
        Assert.Throws<ArgumentException>(() => translator.Translate([pairs[0].Target]));
    }

    [Fact]
    public void AverageMirrored_TranslatesAMirroredImage_IntoTheMirroredTranslation()
    {
        using var folder = new TemporaryFolder();
        using (var trainer = TinyPairs.Trainer(TinyPairs.Plan("residual-unet") with { AugmentFlip = true, AverageMirrored = true })) trainer.Export(folder["averaged"]);
        using (var trainer = TinyPairs.Trainer(TinyPairs.Plan("residual-unet") with { AugmentFlip = true })) trainer.Export(folder["alone"]);
        var image = TinyPairs.Images[1].Source;
        float[][] both = [image, Mirrored(image)];
        using var averaged = SliceTranslator.Load(folder["averaged"], "cpu");
        using var alone = SliceTranslator.Load(folder["alone"], "cpu");
        var (expected, made) = (alone.Translate(both), averaged.Translate(both));
        Assert.All(Mirrored(made[1]).Zip(made[0]), p => Assert.Equal(p.Second, p.First, 1e-5));
        Assert.All(made[0].Zip(expected[0], Mirrored(expected[1])), p => Assert.Equal((p.Second + p.Third) / 2, p.First, 1e-5));
        Assert.Contains(expected[0].Zip(Mirrored(expected[1])), p => Math.Abs(p.First - p.Second) > 1e-3); // the network alone is not symmetric
        Assert.Contains("averageMirrored needs augmentFlip", Assert.Single((TinyPairs.Plan("pix2pix") with { AverageMirrored = true, AugmentFlip = false }).Validate()));
    }

    private static float[] Mirrored(float[] image) => [.. image.Chunk((int)Math.Sqrt(image.Length)).SelectMany(row => row.Reverse())];

    [Fact]
    public void Pair_OfAnotherSize_IsRefusedWithItsPatient()
    {
        var refused = Assert.Throws<ArgumentException>(() => TinyPairs.Trainer(TinyPairs.Plan("pix2pix"), [TinyPairs.Images[0], TinyPairs.Images[3] with { Target = [1] }]));
        Assert.Contains("patient-1", refused.Message);
        Assert.Throws<ArgumentException>(() => TinyPairs.Trainer(TinyPairs.Plan("pix2pix"), []));
    }

    /// <summary>What surrounds a pair moves with it: a source that is its target stays so.</summary>
    [Fact]
    public void Augmentation_MovesBothImagesOfAPairAlike()
    {
        var plan = TinyPairs.Plan("pix2pix") with { AugmentFlip = true, AugmentIntensity = 0 };
        var batches = new PairedBatches([.. TinyPairs.Images.Select(p => p with { Target = p.Source })], plan);
        using var scope = TorchSharp.torch.NewDisposeScope();
        var (source, target) = batches.Next(TorchSharp.torch.CPU);
        Assert.Equal(source.data<float>().ToArray(), target.data<float>().ToArray());
        Assert.DoesNotContain(TinyPairs.Images, p => p.Source.AsSpan().SequenceEqual(source.data<float>().ToArray().AsSpan(0, p.Source.Length)));
    }

    private static float[] Doubled(float[] image) =>
        [.. Enumerable.Range(0, 64 * 64).Select(i => image[i / 64 / 2 * TinyCohort.Size + i % 64 / 2])];
}
