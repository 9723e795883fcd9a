namespace MedGan.Privacy.Memorization;

/// <summary>A counted rate with its exact (Clopper-Pearson, 1934) two-sided 95 % confidence interval.</summary>
/// <param name="Count">How often it happened.</param>
/// <param name="Of">Out of how many.</param>
/// <param name="Rate">Count / Of; 0 if there were none.</param>
/// <param name="Low">Lower bound of the interval.</param>
/// <param name="High">Upper bound of the interval.</param>
public sealed record RateEstimate(int Count, int Of, double Rate, double Low, double High)
{
    private const double HalfError = 0.025;

    /// <summary>The estimate for <paramref name="count"/> of <paramref name="of"/>.</summary>
    public static RateEstimate From(int count, int of)
    {
        if (of < 0 || count < 0 || count > of) throw new ArgumentOutOfRangeException(nameof(count));
        if (of == 0) return new RateEstimate(0, 0, 0, 0, 1);
        double low = count == 0 ? 0 : Bisect(p => 1 - AtMost(count - 1, of, p) - HalfError);
        double high = count == of ? 1 : Bisect(p => HalfError - AtMost(count, of, p));
        return new RateEstimate(count, of, (double)count / of, low, high);
    }

    /// <summary>"3 of 40 (7.5 %, 95 % interval 1.6 to 20.4 %)".</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Count} of {Of} ({100 * Rate:0.##} %, 95 % interval {100 * Low:0.##} to {100 * High:0.##} %)");

    /// <summary>The root in [0, 1] of an increasing function.</summary>
    private static double Bisect(Func<double, double> increasing)
    {
        double low = 0, high = 1;
        for (int i = 0; i < 60; i++)
        {
            double middle = (low + high) / 2;
            if (increasing(middle) < 0) low = middle; else high = middle;
        }
        return (low + high) / 2;
    }

    /// <summary>P(X at most k) for X binomial(n, p), term by term in logarithms.</summary>
    private static double AtMost(int k, int n, double p)
    {
        if (p <= 0) return 1;
        if (p >= 1) return k >= n ? 1 : 0;
        double logOdds = Math.Log(p) - Math.Log(1 - p), log = n * Math.Log(1 - p), sum = Math.Exp(log);
        for (int i = 1; i <= k; i++)
        {
            log += Math.Log((double)(n - i + 1) / i) + logOdds;
            sum += Math.Exp(log);
        }
        return Math.Min(sum, 1);
    }
}
