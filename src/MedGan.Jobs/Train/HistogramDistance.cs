namespace MedGan.Jobs.Train;

/// <summary>
/// How far two sets of intensities lie apart, in their own unit: the 1-Wasserstein distance, the mean distance between
/// equal quantiles. It needs no paired truth, and no translation at all scores badly on it.
/// </summary>
public static class HistogramDistance
{
    private const int Quantiles = 512;

    /// <summary>The distance; zero for equal histograms. Both sets must hold something.</summary>
    public static double Between(float[] x, float[] y)
    {
        if (x.Length == 0 || y.Length == 0) throw new ArgumentException("Both sets must hold at least one value.");
        var (a, b) = (Sorted(x), Sorted(y));
        var sum = 0.0;
        for (var q = 0; q < Quantiles; q++)
        {
            var level = (q + 0.5) / Quantiles;
            sum += Math.Abs(Quantile(a, level) - Quantile(b, level));
        }
        return sum / Quantiles;
    }

    private static float[] Sorted(float[] values)
    {
        var copy = (float[])values.Clone();
        Array.Sort(copy);
        return copy;
    }

    private static double Quantile(float[] sorted, double level)
    {
        var at = level * (sorted.Length - 1);
        var below = (int)at;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
