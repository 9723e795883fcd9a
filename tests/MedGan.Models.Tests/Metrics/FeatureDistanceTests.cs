using System.Text.Json;
using MedGan.Models.Metrics;
using MedGan.Models.Training;

namespace MedGan.Models.Tests.Metrics;

/// <summary>Metrics of two sets of features against SciPy and scikit-learn (bench/peers/feature_distances.py) and against closed forms.</summary>
public class FeatureDistanceTests
{
    [Fact]
    public void EveryMetric_FormulaFeatures_EqualsItsPeer()
    {
        static float[][] Wave(int rows, double phase, double scale) =>
            [.. Enumerable.Range(0, rows).Select(i => Enumerable.Range(0, 8).Select(c => (float)(scale * Math.Sin(0.7 * i * i + 1.3 * c * i + phase) + 0.1 * c)).ToArray())];
        Compare(Peer.Fixture("feature-distances"), Wave(40, 0, 1), Wave(30, 2, 0.8));
    }

    [Fact]
    public void EveryMetric_RealImages_EqualsItsPeer()
    {
        float[][] Features(string folder) => [.. Peer.RealImages(5, 90, "ctmr_paired", folder).Select(image => image.Select(v => v / 255).ToArray())];
        var (mr, ct) = (Features("MRI"), Features("CT"));
        Compare(Peer.Run("feature_distances.py", [90, 90, 25, 5], [.. mr, .. ct]), mr, ct);
        Compare(Peer.Run("feature_distances.py", [60, 30, 25, 5], mr), mr[..60], mr[60..]);
    }

    [Fact]
    public void Frechet_FewerImagesThanFeatures_IsExactForAShift()
    {
        var real = Normal(10, 40, seed: 1);
        var moved = real.Select(f => f.Select(v => v + 0.5f).ToArray()).ToArray();
        Assert.Equal(0, FrechetDistance.Of(real, real), 1e-9);
        Assert.Equal(40 * 0.25, FrechetDistance.Of(real, moved), 1e-5);
    }

    [Fact]
    public void Frechet_ScaledFeatures_EqualsTheClosedForm()
    {
        // S2 = a^2 S1: Tr(S1 + S2 - 2 a S1) = (1 - a)^2 Tr S1, and the means differ by (a - 1) m1
        var real = Normal(50, 6, seed: 2);
        var scaled = real.Select(f => f.Select(v => 3 * v).ToArray()).ToArray();
        var means = Enumerable.Range(0, 6).Select(d => real.Average(f => (double)f[d])).ToArray();
        var trace = Enumerable.Range(0, 6).Sum(d => real.Sum(f => (f[d] - means[d]) * (f[d] - means[d])) / 49);
        Assert.Equal(4 * trace + 4 * means.Sum(m => m * m), FrechetDistance.Of(real, scaled), 1e-4);
    }

    [Fact]
    public void FrechetAtInfinity_SameDistribution_LosesTheBiasOfFewImages()
    {
        // two samples of N(0, I): the distance is 0, the estimate from 200 is not
        var (one, other) = (Normal(200, 10, seed: 3), Normal(200, 10, seed: 4));
        var plain = FrechetDistance.Of(one, other);
        Assert.InRange(plain, 0.1, 1);
        Assert.True(Math.Abs(FrechetDistance.AtInfinity(one, other, seed: 1)) < 0.35 * plain);
        Assert.Equal(FrechetDistance.AtInfinity(one, other, seed: 1), FrechetDistance.AtInfinity(one, other, seed: 1));
    }

    [Fact]
    public void Intercept_KnownPoints_EqualsPolyfit() =>
        Assert.Equal(0.775, FrechetDistance.Intercept([1, 2, 4, 5], [2, 3, 6, 6.5]), 1e-12); // numpy.polyfit(x, y, 1)[1]

    [Fact]
    public void KernelSubsets_WholeSets_HaveNoSpread_AndHalvesAgreeWithTheWhole()
    {
        var (one, other) = (Normal(60, 5, seed: 5), Normal(60, 5, seed: 6, mean: 0.5));
        var whole = KernelDistance.Of(one, other);
        var all = KernelDistance.OfSubsets(one, other, subsets: 3, size: 1000, seed: 1);
        Assert.Equal((60, 1), (all.SubsetSize, all.Subsets));
        Assert.Equal(whole, all.Mean, 1e-9);
        Assert.Equal(0, all.Deviation, 1e-9);
        var halves = KernelDistance.OfSubsets(one, other, subsets: 200, size: 30, seed: 1);
        Assert.InRange(whole, halves.Mean - 4 * halves.Deviation / Math.Sqrt(200), halves.Mean + 4 * halves.Deviation / Math.Sqrt(200));
        Assert.True(halves.Low < halves.Mean && halves.Mean < halves.High);
    }

    [Fact]
    public void KernelDistance_RepeatedVectors_AreNoPairsOfThemselves()
    {
        var (one, other) = (Normal(12, 4, seed: 7), Normal(9, 4, seed: 8));
        var kernels = new KernelDistance.Kernels(one, other);
        Assert.Equal(KernelDistance.Of(one, other), kernels.Of([.. Enumerable.Repeat(3, 12)], [.. Enumerable.Repeat(2, 9)]), 1e-12);
        Assert.Equal(KernelDistance.Of(one[..6], other), kernels.Of([1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0], FeatureSets.Once(9)), 1e-12);
    }

    [Fact]
    public void Frechet_RepeatedVectors_EqualTheirCopies()
    {
        var (one, other) = (Normal(12, 4, seed: 7), Normal(9, 4, seed: 8));
        Assert.Equal(FrechetDistance.Of([one[0], one[0], one[3], one[5], one[5], one[5], one[8]], other),
            FrechetDistance.Of(one, [2, 0, 0, 1, 0, 3, 0, 0, 1, 0, 0, 0], other, FeatureSets.Once(9)), 1e-9);
    }

    [Fact]
    public void NeighbourCoverage_ModeThatIsNotGenerated_LowersRecallAndCoverage_NotPrecision()
    {
        float[][] real = [.. Normal(50, 3, seed: 9), .. Normal(50, 3, seed: 10, mean: 20)];
        var found = NeighbourCoverage.Of(real, Normal(80, 3, seed: 11));
        Assert.True(found.Precision > 0.7 && found.Recall < 0.55 && found.Coverage < 0.55, $"{found.Precision} {found.Recall} {found.Coverage}");
        Assert.Throws<ArgumentException>(() => NeighbourCoverage.Of(real[..5], real));
    }

    [Fact]
    public void InceptionScore_SureAndSpread_IsTheNumberOfClasses()
    {
        Assert.Equal(3, InceptionScore.Of("a classifier", [[1, 0, 0], [0, 1, 0], [0, 0, 1]]).Value, 1e-12);
        Assert.Equal(1, InceptionScore.Of("a classifier", [[0.2, 0.8], [0.2, 0.8]]).Value, 1e-12);
        Assert.Throws<ArgumentException>(() => InceptionScore.Of(" ", [[1.0]]));
        Assert.Throws<ArgumentException>(() => InceptionScore.Of("a classifier", [[0.5, 0.6]]));
    }

    [Theory]
    [InlineData(0.025, 1.1875)] // numpy.percentile([4, 1, 3, 7, 2.5, 9], ...)
    [InlineData(0.5, 3.5)]
    [InlineData(0.975, 8.75)]
    [InlineData(1, 9)]
    public void Percentile_KnownValues_EqualsNumpy(double share, double expected) => Assert.Equal(expected, Percentile.Of([4, 1, 3, 7, 2.5, 9], share), 1e-12);

    private static void Compare(JsonElement theirs, float[][] real, float[][] generated)
    {
        void Agree(string name, double ours, double tolerance = 1e-7) => Peer.Agree(theirs.GetProperty(name), ours, tolerance, name);
        Agree("frechet", FrechetDistance.Of(real, generated), 1e-6);
        Agree("kid", KernelDistance.Of(real, generated));
        Agree("energy", EnergyDistance.Of(real, generated));
        var neighbours = NeighbourCoverage.Of(real, generated, 5);
        Agree("precision", neighbours.Precision);
        Agree("recall", neighbours.Recall);
        Agree("density", neighbours.Density);
        Agree("coverage", neighbours.Coverage);
        Agree("inceptionScore", InceptionScore.Of("softmax of the features", [.. real.Select(Softmax)]).Value);
    }

    private static double[] Softmax(float[] logits) => [.. logits.Select(v => Math.Exp(v) / logits.Sum(u => Math.Exp(u)))];

    private static float[][] Normal(int count, int dimensions, long seed, double mean = 0)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, dimensions).Select(_ => (float)(mean + random.NextNormal())).ToArray())];
    }
}
