using MedGan.Models.Losses;
using MedGan.Models.Metrics;
using MedGan.Models.Networks;
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

    /// <summary>Two grey values in equal shares, each on a bin: the windows' own entropy is in H(x), and twice in H(x, y).</summary>
    [Theory]
    [InlineData(1, 1), InlineData(-1, 1), InlineData(0.4, 1), InlineData(1, 0)]
    public void MutualInformation_OfTwoValues_IsItsClosedForm(double contrast, double information)
    {
        using var scope = NewDisposeScope();
        var stripes = tensor(Enumerable.Range(0, 64).Select(i => i % 2 == 0 ? 1f : -1f).ToArray(), [1, 1, 8, 8]);
        var rows = tensor(Enumerable.Range(0, 64).Select(i => i / 8 % 2 == 0 ? 1f : -1f).ToArray(), [1, 1, 8, 8]);
        var window = -(2.0 / 6 * Math.Log(1.0 / 6) + 4.0 / 6 * Math.Log(4.0 / 6)); // of the weights 1/6, 4/6, 1/6
        var expected = 1 - information * Math.Log(2) / (Math.Log(2) + window);
        // 13 bins: -1, -0.4, 0.4 and 1 lie on the 1st, 4th, 8th and 11th, far enough apart that their windows do not overlap
        Assert.Equal(expected, MutualInformationLoss.Of(stripes, information > 0 ? contrast * stripes : rows, 13).ToSingle(), 1e-5);
    }

    [Fact]
    public void MutualInformation_OfABatch_IsWhatLoopsOverPixelsGive()
    {
        using var scope = NewDisposeScope();
        var images = new[] { 1, 2, 3, 4 }.Select(i => Image(i).clamp(-1, 1)).ToArray();
        double Spline(double u) => u >= 2 ? 0 : u >= 1 ? Math.Pow(2 - u, 3) / 6 : 2.0 / 3 - u * u + u * u * u / 2; // as it is usually written
        double Loss(float[] x, float[] y, int bins)
        {
            var joint = new double[bins, bins];
            double Weight(float value, int bin) => Spline(Math.Abs((value + 1) / 2 * (bins - 3) + 1 - bin));
            for (var p = 0; p < x.Length; p++)
                for (var i = 0; i < bins; i++)
                    for (var j = 0; j < bins; j++) joint[i, j] += Weight(x[p], i) * Weight(y[p], j) / x.Length;
            var (information, entropy) = (0.0, 0.0);
            for (var i = 0; i < bins; i++)
            {
                var row = Enumerable.Range(0, bins).Sum(j => joint[i, j]);
                if (row > 0) entropy -= row * Math.Log(row);
                for (var j = 0; j < bins; j++)
                    if (joint[i, j] > 0) information += joint[i, j] * Math.Log(joint[i, j] / row / Enumerable.Range(0, bins).Sum(k => joint[k, j]));
            }
            return 1 - information / entropy;
        }
        float[] Values(Tensor image) => image.data<float>().ToArray();
        var expected = (Loss(Values(images[0]), Values(images[1]), 16) + Loss(Values(images[2]), Values(images[3]), 16)) / 2;
        Assert.Equal(expected, MutualInformationLoss.Of(cat([images[0], images[2]]), cat([images[1], images[3]]), 16).ToSingle(), 1e-4);
    }

    [Fact]
    public void MutualInformation_Gradient_EqualsFiniteDifference_AndMovesTheTranslationOnly()
    {
        using var scope = NewDisposeScope();
        var (source, translation) = (Image(1).clamp(-0.9, 0.9).requires_grad_(true), Image(2).clamp(-0.9, 0.9).detach().requires_grad_(true));
        MutualInformationLoss.Of(source, translation, 12).backward();
        AssertGradient(translation, moved => MutualInformationLoss.Of(source, moved, 12).ToSingle());
        Assert.True(source.grad is null);
    }

    [Fact]
    public void MutualInformation_OfASourceWithoutContrast_IsOne()
    {
        using var scope = NewDisposeScope();
        Assert.InRange(MutualInformationLoss.Of(-ones(1, 1, 16, 16), Image(2), 16).ToSingle(), 0.999f, 1.001f);
    }

    [Fact]
    public void DiscriminatorFeatures_AreASumOfMeansOverLayers_OfTheTranslationOnly()
    {
        using var scope = NewDisposeScope();
        var real = tensor(new[] { 1f, 2, 3, 4 }).requires_grad_(true);
        var made = tensor(new[] { 1f, 0, 3, 8 }).requires_grad_(true);
        var loss = DiscriminatorFeatureLoss.Of([real, real.narrow(0, 0, 2)], [made, made.narrow(0, 0, 2)]);
        Assert.Equal((2 + 4) / 4.0 + 2 / 2.0, loss.ToSingle(), 1e-6);
        loss.backward();
        Assert.True(real.grad is null);
        Assert.Equal([0, -0.75f, 0, 0.25f], made.grad!.data<float>().ToArray());
    }

    [Fact]
    public void DiscriminatorMaps_AreItsLayersAndItsScores()
    {
        using var scope = NewDisposeScope();
        using var discriminator = new PatchDiscriminator(4);
        Initialisation.Normal(discriminator, new SeededRandom(1));
        var image = rand(2, 1, 32, 32);
        var maps = discriminator.Maps(image);
        Assert.Equal([[2, 4, 16, 16], [2, 8, 8, 8], [2, 16, 4, 4], [2, 32, 3, 3], [2, 1, 2, 2]], maps.Select(m => m.shape));
        Assert.True(maps[^1].allclose(discriminator.call(image), atol: 1e-6));
        var conv1 = (nn.Module<Tensor, Tensor>)discriminator.named_modules().Single(m => m.name == "layers.conv1").module;
        Assert.True(maps[0].allclose(nn.functional.leaky_relu(conv1.call(image), 0.2), atol: 1e-6));
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
