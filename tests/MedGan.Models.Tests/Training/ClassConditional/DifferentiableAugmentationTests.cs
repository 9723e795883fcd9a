using MedGan.Models.Networks.Conditional;
using MedGan.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Training.ClassConditional;

public class DifferentiableAugmentationTests
{
    private static readonly DifferentiableAugmentation None = new(0, 0, 0, 0, 0, false), All = new(0.2, 20, 0.2, 0.2, 0.4, true);

    private static Tensor Images(int n = 4) => SeededTensors.Uniform([n, 1, 16, 16], new SeededRandom(3), CPU) * 2 - 1;

    private static float[] Values(Tensor x) => x.detach().contiguous().flatten().data<float>().ToArray();

    [Fact]
    public void Probability0_LeavesImagesAsTheyAre()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(Values(Images()), Values((All with { Flip = false }).Apply(Images(), 0, new SeededRandom(1))));
        Assert.Equal(Values(Images()), Values(None.Apply(Images(), 1, new SeededRandom(1))));
    }

    [Fact]
    public void Shift_IsByWholePixels_AndTheEdgeGoesOn()
    {
        using var scope = NewDisposeScope();
        var (x, shifted) = (Values(Images(1)), Values((None with { ShiftShare = 0.25 }).Apply(Images(1), 1, new SeededRandom(2))));
        float At(int row, int column) => x[Math.Clamp(row, 0, 15) * 16 + Math.Clamp(column, 0, 15)];
        var matches =
            from right in Enumerable.Range(-4, 9)
            from down in Enumerable.Range(-4, 9)
            where Enumerable.Range(0, 256).All(i => Math.Abs(shifted[i] - At(i / 16 + down, i % 16 + right)) < 1e-4)
            select (right, down);
        Assert.NotEqual((0, 0), Assert.Single(matches));
    }

    [Fact]
    public void Rotation_IsAffineWarps()
    {
        using var scope = NewDisposeScope();
        var random = new SeededRandom(4);
        var turned = Values((None with { RotationDegrees = 20 }).Apply(Images(20), 1, random)).Chunk(256).ToArray();
        var originals = Values(Images(20)).Chunk(256).ToArray();
        var different = 0;
        foreach (var (original, result) in originals.Zip(turned))
        {
            if (original.SequenceEqual(result) || original.Zip(result).All(p => Math.Abs(p.First - p.Second) < 1e-4)) continue;
            different++;
            // the angle is not told: the best of many explains every pixel
            var best = Enumerable.Range(-200, 401).Min(tenths =>
            {
                var warped = new float[256];
                AffineWarp.Apply(original, warped, 16, tenths * 0.1 * Math.PI / 180, 1, 0, 0, mirror: false);
                return warped.Zip(result).Average(p => Math.Abs(p.First - p.Second));
            });
            Assert.InRange(best, 0, 0.005);
        }
        Assert.InRange(different, 4, 16); // half of the images stay sharp
    }

    [Fact]
    public void Brightness_LeavesAirAir_Cutout_MakesAir()
    {
        using var scope = NewDisposeScope();
        var air = full([8, 1, 16, 16], -1f);
        Assert.All(Values((None with { IntensityShare = 0.5, CutoutShare = 0.5 }).Apply(air, 1, new SeededRandom(5))), v => Assert.Equal(-1, v, 1e-6f));
        var cut = Values((None with { CutoutShare = 0.5 }).Apply(zeros(8, 1, 16, 16), 1, new SeededRandom(5))).Chunk(256).ToArray();
        Assert.All(cut, image => Assert.InRange(image.Count(v => v == -1), 16, 64)); // an 8 x 8 square, part of it outside
        Assert.All(cut, image => Assert.All(image, v => Assert.True(v is 0 or -1)));
        var bright = Values((None with { IntensityShare = 0.1 }).Apply(zeros(8, 1, 16, 16), 1, new SeededRandom(5)));
        Assert.All(bright, v => Assert.InRange(v, -0.1001f, 0.1001f));
        Assert.True(bright.Distinct().Count() > 4);
    }

    [Fact]
    public void Flip_IsOnlyWhereAsked()
    {
        using var scope = NewDisposeScope();
        var mirrored = Values(Images(20).flip(3)).Chunk(256).ToArray();
        int Flipped(DifferentiableAugmentation augmentation) =>
            Values(augmentation.Apply(Images(20), 1, new SeededRandom(6))).Chunk(256).Zip(mirrored).Count(p => p.First.Zip(p.Second).All(v => Math.Abs(v.First - v.Second) < 1e-4));
        Assert.Equal(0, Flipped(None));
        Assert.InRange(Flipped(None with { Flip = true }), 5, 15);
    }

    [Fact]
    public void Gradient_FlowsThroughEveryTransform_AsFiniteDifferencesHaveIt()
    {
        using var scope = NewDisposeScope();
        var (images, weights, direction) = (Images().requires_grad_(true), SeededTensors.Normal([4, 1, 16, 16], new SeededRandom(7)), SeededTensors.Normal([4, 1, 16, 16], new SeededRandom(8)));
        Tensor Loss(Tensor x) => (All.Apply(x, 1, new SeededRandom(9)).square() * weights).sum();
        Loss(images).backward();
        using var noGrad = no_grad();
        var expected = (Loss(images + 0.01 * direction).item<float>() - Loss(images - 0.01 * direction).item<float>()) / 0.02;
        Assert.Equal(expected, (images.grad! * direction).sum().item<float>(), 0.01 * Math.Abs(expected) + 1e-3);
    }

    [Fact]
    public void Draws_AreAsMany_WhateverHappens()
    {
        using var scope = NewDisposeScope();
        ulong[] After(DifferentiableAugmentation augmentation, double probability)
        {
            var random = new SeededRandom(10);
            augmentation.Apply(Images(), probability, random);
            return random.State;
        }
        Assert.Equal(After(All, 1), After(All, 0.1));
        Assert.Equal(After(All, 1), After(All with { Flip = false, CutoutShare = 0 }, 0));
    }

    [Fact]
    public void Ada_MovesTowardsItsTarget_ByTheImagesSeen_AndStaysWithinItsBounds()
    {
        var ada = new AdaptiveProbability(0.6, imagesToCertainty: 1000);
        void Observe(float score, int times)
        {
            for (var i = 0; i < times; i++) ada.Observe([score, score, score, score, score]);
        }
        Observe(1, 3);
        Assert.Equal(0, ada.Value); // every fourth batch
        Observe(1, 1);
        Assert.Equal(20 / 1000.0, ada.Value, 1e-12);
        Observe(1, 4 * 100);
        Assert.Equal(AdaptiveProbability.Largest, ada.Value);
        Observe(-1, 4);
        Assert.Equal(AdaptiveProbability.Largest - 0.02, ada.Value, 1e-12);
        Observe(-1, 4 * 100);
        Assert.Equal(0, ada.Value);
        ada.Observe([1, 1, 1, 1, -1]); // r = 0.6: on target
        ada.Observe([1, 1, 1, 1, -1]);
        ada.Observe([1, 1, 1, 1, -1]);
        ada.Observe([1, 1, 1, 1, -1]);
        Assert.Equal(0, ada.Value);
    }
}
