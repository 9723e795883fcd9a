using MedGan.Models.Losses;
using MedGan.Models.Metrics;
using MedGan.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Losses;

public class LossTests
{
    [Fact]
    public void LeastSquares_KnownScores()
    {
        using var scope = NewDisposeScope();
        var (real, fake) = (tensor(new float[] { 1, 0.5f }), tensor(new float[] { 0.5f, -1 }));
        Assert.Equal((0.25 / 2 + 1.25 / 2) / 2, LeastSquaresLoss.Discriminator(real, fake).ToSingle(), 1e-6);
        Assert.Equal((0.25 + 4) / 2, LeastSquaresLoss.Generator(fake).ToSingle(), 1e-6);
    }

    [Fact]
    public void LeastSquares_GradientsOfGeneratorAndDiscriminator_PullApart()
    {
        using var scope = NewDisposeScope();
        var score = tensor(new float[] { 0.3f }, requires_grad: true);
        LeastSquaresLoss.Generator(score).backward();
        Assert.Equal(2 * (0.3 - 1), score.grad!.ToSingle(), 1e-6); // d/ds (s - 1)^2
        score.grad!.zero_();
        LeastSquaresLoss.Discriminator(ones([1]), score).backward();
        Assert.Equal(0.3, score.grad!.ToSingle(), 1e-6); // d/ds s^2 / 2
    }

    [Fact]
    public void CycleAndIdentity_AreMeanAbsoluteDifferences()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (Image(1), Image(2));
        var expected = x.data<float>().ToArray().Zip(y.data<float>().ToArray(), (p, q) => Math.Abs((double)p - q)).Average();
        Assert.Equal(expected, CycleConsistencyLoss.Of(x, y).ToSingle(), 1e-5);
        Assert.Equal(expected, IdentityLoss.Of(y, x).ToSingle(), 1e-5);
    }

    [Fact]
    public void EdgeAlignment_IgnoresContrast_SeesOtherEdges()
    {
        using var scope = NewDisposeScope();
        var (image, other) = (Image(1), Image(2));
        var (same, inverted, different) = (EdgeAlignmentLoss.Of(image, image).ToSingle(), EdgeAlignmentLoss.Of(image, -image).ToSingle(), EdgeAlignmentLoss.Of(image, other).ToSingle());
        Assert.Equal(same, inverted, 1e-5f);
        Assert.InRange(same, 0, 0.1f);
        Assert.InRange(different, same + 0.2f, 1);
    }

    [Fact]
    public void EdgeAlignment_OfABatch_IsTheMeanOverItsImages()
    {
        using var scope = NewDisposeScope();
        var (one, two, translation) = (Image(1), 0.1 * Image(2), Image(3));
        var alone = new[] { one, two }.Average(image => EdgeAlignmentLoss.Of(image, translation).ToSingle());
        Assert.Equal(alone, EdgeAlignmentLoss.Of(cat([one, two]), cat([translation, translation])).ToSingle(), 1e-6f);
    }

    [Fact]
    public void EdgeAlignment_Gradient_EqualsFiniteDifference()
    {
        using var scope = NewDisposeScope();
        var (source, translation) = (Image(1), Image(2).requires_grad_(true));
        EdgeAlignmentLoss.Of(source, translation).backward();
        AssertGradient(translation, moved => EdgeAlignmentLoss.Of(source, moved).ToSingle());
    }

    [Fact]
    public void InfoNce_OfPerfectPairs_IsNearZero_OfMixedUpPairs_IsLarge()
    {
        using var scope = NewDisposeScope();
        var units = eye(4);
        Assert.InRange(InfoNceLoss.Of(units, units, 0.07).ToSingle(), 0, 1e-4f);
        Assert.InRange(InfoNceLoss.Of(units, cat([units.narrow(0, 1, 3), units.narrow(0, 0, 1)]), 0.07).ToSingle(), 10, 20); // about 1 / 0.07
    }

    [Fact]
    public void InfoNce_OfEqualVectors_IsTheLogarithmOfTheCandidates()
    {
        using var scope = NewDisposeScope();
        var same = ones([4, 1]);
        Assert.Equal(Math.Log(7), InfoNceLoss.Of(same, same, 0.5).ToSingle(), 1e-5);
    }

    [Fact]
    public void InfoNce_Gradient_EqualsFiniteDifference()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (Image(1).reshape(16, 16).detach().requires_grad_(true), Image(2).reshape(16, 16));
        InfoNceLoss.Of(first, second, 1).backward();
        AssertGradient(first, moved => InfoNceLoss.Of(moved, second, 1).ToSingle());
    }

    [Fact]
    public void GradientDifference_OfSlopes_IsTheDifferenceOfTheirSteepness_WhateverTheirSign()
    {
        using var scope = NewDisposeScope();
        var rows = arange(8).to(ScalarType.Float32).reshape(1, 1, 8, 1).expand(1, 1, 8, 8); // 1 down, 0 along
        Assert.Equal(0, GradientDifferenceLoss.Of(rows, -rows).ToSingle(), 1e-6);
        Assert.Equal(0.75, GradientDifferenceLoss.Of(rows, 0.25 * rows).ToSingle(), 1e-6);
        Assert.Equal(2, GradientDifferenceLoss.Of(rows, rows.transpose(2, 3)).ToSingle(), 1e-6);
    }

    /// <summary>Against the metric, which is held against another implementation.</summary>
    [Fact]
    public void StructuralSimilarity_IsOneMinusTheMetric()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (Image(1).tanh(), (Image(1) + 0.3 * Image(2)).tanh());
        var (width, all) = ((int)x.shape[3], Enumerable.Repeat(true, (int)x.numel()).ToArray());
        var expected = 1 - ImageErrors.Ssim(x.data<float>().ToArray(), y.data<float>().ToArray(), all, width, range: 2);
        Assert.InRange(expected, 0.05, 1);
        Assert.Equal(expected, StructuralSimilarityLoss.Of(x, y).ToSingle(), 1e-4);
        Assert.Equal(0, StructuralSimilarityLoss.Of(x, x).ToSingle(), 1e-6);
    }

    [Fact]
    public void StructuralSimilarity_Gradient_EqualsFiniteDifference()
    {
        using var scope = NewDisposeScope();
        var (made, target) = (Image(1).requires_grad_(true), Image(2));
        StructuralSimilarityLoss.Of(made, target).backward();
        AssertGradient(made, moved => StructuralSimilarityLoss.Of(moved, target).ToSingle());
    }

    [Fact]
    public void GradientDifference_Gradient_EqualsFiniteDifference()
    {
        using var scope = NewDisposeScope();
        var (made, target, direction) = (Image(1).to(ScalarType.Float64).detach().requires_grad_(true), Image(2).to(ScalarType.Float64), Image(3).to(ScalarType.Float64));
        GradientDifferenceLoss.Of(made, target).backward();
        const double h = 1e-7; // between the kinks
        var at = made.detach();
        var expected = (GradientDifferenceLoss.Of(at + h * direction, target) - GradientDifferenceLoss.Of(at - h * direction, target)).ToDouble() / (2 * h);
        Assert.Equal(expected, (made.grad! * direction).sum().ToDouble(), 1e-6);
        Assert.NotEqual(0, expected, 1e-3);
    }

    [Fact]
    public void PatchNce_TellsPatchesByTheirPlace()
    {
        using var scope = NewDisposeScope();
        var units = eye(4).unsqueeze(0); // [1,4,4]: four places, each unlike the others
        Assert.Equal(Math.Log(1 + 3 * Math.Exp(-2)), PatchNceLoss.Of(units, units, 0.5).ToSingle(), 1e-5);
        Assert.Equal(Math.Log(1 + 3 * Math.Exp(-2)) + 2, PatchNceLoss.Of(units.roll(1, 1), units, 0.5).ToSingle(), 1e-5);
        Assert.Equal(Math.Log(4), PatchNceLoss.Of(ones(2, 4, 1), ones(2, 4, 1), 0.07).ToSingle(), 1e-5);
    }

    [Fact]
    public void PatchNce_TeachesTheTranslationOnly()
    {
        using var scope = NewDisposeScope();
        var (queries, keys) = (Image(1).reshape(1, 16, 16).detach().requires_grad_(true), Image(2).reshape(1, 16, 16).detach().requires_grad_(true));
        PatchNceLoss.Of(queries, keys, 1).backward();
        Assert.Null(keys.grad);
        AssertGradient(queries, moved => PatchNceLoss.Of(moved, keys, 1).ToSingle());
    }

    // along one random direction: (f(x + h d) - f(x - h d)) / 2h = grad . d
    private static void AssertGradient(Tensor at, Func<Tensor, double> loss)
    {
        using var noGrad = no_grad();
        const double h = 1e-2;
        var direction = Image(3).reshape(at.shape);
        var expected = (loss(at.detach() + h * direction) - loss(at.detach() - h * direction)) / (2 * h);
        var actual = (at.grad! * direction).sum().ToSingle();
        Assert.Equal(expected, actual, 1e-4 + 0.03 * Math.Abs(expected));
        Assert.NotEqual(0, actual);
    }

    private static Tensor Image(int seed)
    {
        var random = new SeededRandom(seed);
        return tensor(Enumerable.Range(0, 256).Select(_ => (float)(0.5 * random.NextNormal())).ToArray(), [1, 1, 16, 16]);
    }
}
