using MedGan.Privacy.Memorization;
using Xunit;

namespace MedGan.Tests.Privacy.Memorization;

public sealed class ThresholdTests
{
    [Fact]
    public void Percentile_OfKnownValues_IsInterpolated()
    {
        // numpy.percentile([1..10], 95) = 9.55 and of [3, 1, 2], 50 = 2
        Assert.Equal(9.55, TailThreshold.Percentile([.. Enumerable.Range(1, 10).Select(i => (double)i)], 0.95), 12);
        Assert.Equal(2, TailThreshold.Percentile([3, 1, 2], 0.5), 12);
    }

    [Fact]
    public void Percentile_AgreesWithCountingFromBelow()
    {
        var random = new Random(5);
        double[] values = [.. Enumerable.Range(0, 2001).Select(_ => random.NextDouble())];
        double p = TailThreshold.Percentile(values, 0.95);
        Assert.Equal(1900, values.Count(v => v < p)); // 0.95 x 2000 order statistics lie below the 1901st
        Assert.Contains(p, values);
    }

    [Fact]
    public void Tail_OfAnExponentialInFishersZ_IsItsTrueQuantile()
    {
        var random = new Random(11);
        const double rate = 0.3, p = 1e-3;
        double[] rho = [.. Enumerable.Range(0, 20000).Select(_ => Math.Tanh(0.5 - rate * Math.Log(1 - random.NextDouble())))];
        double expected = Math.Tanh(0.5 - rate * Math.Log(p));
        Assert.Equal(Math.Atanh(expected), Math.Atanh(TailThreshold.Fit(rho, p).Tail), 0.12);
    }

    [Fact]
    public void Threshold_OnCorrelationsOfANormalZ_LetsThroughAboutWhatWasAsked()
    {
        var random = new Random(3);
        double Draw() => Math.Tanh(1 + 0.2 * Heads.Normal(random));
        double threshold = TailThreshold.Fit([.. Enumerable.Range(0, 500).Select(_ => Draw())], 1.0 / 500).Value;
        double rate = Enumerable.Range(0, 200_000).Count(_ => Draw() > threshold) / 200_000.0;
        Assert.InRange(rate, 0.0002, 0.006);
    }

    [Fact]
    public void Threshold_IsNeverBelowThe95thPercentile()
    {
        double[] rho = [.. Enumerable.Range(0, 40).Select(i => i / 50.0)];
        var threshold = TailThreshold.Fit(rho, 0.4);
        Assert.True(threshold.Value >= threshold.Percentile95);
    }

    [Theory] // scipy.stats.binomtest(k, n).proportion_ci(method="exact")
    [InlineData(0, 10, 0, 0.30849710781876)]
    [InlineData(10, 10, 0.69150289218123, 1)]
    [InlineData(3, 40, 0.01574218, 0.20386475)]
    [InlineData(5, 1000, 0.00162542, 0.01162947)]
    public void Interval_IsClopperPearsons(int count, int of, double low, double high)
    {
        var estimate = RateEstimate.From(count, of);
        Assert.Equal(low, estimate.Low, 5e-8);
        Assert.Equal(high, estimate.High, 5e-8);
    }

    [Fact]
    public void ThreeSampleZ_OfSmallSamples_IsTheHandComputedOne()
    {
        // Pairs with generated further than held-out: 1.5 over {1} = 1, 3 over {1, 2} = 2 and tied with 3: half. U = 3.5, m = 2, n = 3.
        Assert.Equal((3.5 - 3) / Math.Sqrt(2 * 3 * 6 / 12.0), ThreeSampleTest.Z([1.5, 3], [1, 2, 3]), 12);
        Assert.True(ThreeSampleTest.Z([.. Enumerable.Repeat(0.01, 50)], [.. Enumerable.Range(1, 50).Select(i => (double)i)]) < -8);
    }
}
