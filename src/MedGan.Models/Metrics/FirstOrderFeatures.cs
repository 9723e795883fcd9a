namespace MedGan.Models.Metrics;

/// <summary>Of the distribution of grey values in [0, 1], wherever they lie.</summary>
internal static class FirstOrderFeatures
{
    private const int Bins = 32;

    public static readonly string[] Names = ["mean", "deviation", "skewness", "excess kurtosis", "10th percentile", "90th percentile", "entropy"];

    /// <summary>Moments divide by N; skewness and excess kurtosis of equal values are 0; entropy in bits, of 32 bins.</summary>
    public static double[] Of(double[] values)
    {
        var mean = values.Average();
        double Moment(int order) => values.Average(v => Math.Pow(v - mean, order));
        var variance = Moment(2);
        var counts = new int[Bins];
        foreach (var v in values) counts[Math.Min((int)(v * Bins), Bins - 1)]++;
        var entropy = -counts.Where(c => c > 0).Sum(c => (double)c / values.Length * Math.Log2((double)c / values.Length));
        var flat = variance < 1e-14;
        return
        [
            mean, Math.Sqrt(variance), flat ? 0 : Moment(3) / Math.Pow(variance, 1.5), flat ? 0 : Moment(4) / (variance * variance) - 3,
            Percentile.Of(values, 0.1), Percentile.Of(values, 0.9), entropy,
        ];
    }
}
