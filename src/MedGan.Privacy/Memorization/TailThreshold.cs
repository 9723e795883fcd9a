namespace MedGan.Privacy.Memorization;

/// <summary>
/// A one-sided threshold from the similarities of real held-out images to their closest training images.
/// Dar et al. (arXiv 2402.01054) take the 95th percentile, which by construction flags 5 % of real images; here the tail
/// above a high order statistic u is continued as an exponential in Fisher's z = atanh(rho) (peaks over threshold, the
/// Gumbel domain, where shape 0 is the only stable choice for few exceedances):
/// P(z > t) = k/n exp(-(t - u)/beta), beta = mean excess over u, hence tau = u + beta ln(k / (n p)).
/// </summary>
/// <param name="Percentile95">95th percentile of the correlations, linearly interpolated.</param>
/// <param name="Tail">The correlation that a real held-out image exceeds with probability p by the fitted tail.</param>
public sealed record TailThreshold(double Percentile95, double Tail)
{
    // A correlation of one has no finite z; a float dot product cannot tell values above this from one.
    private const double NearlyOne = 1 - 1e-6;
    private const int LeastExceedances = 10;

    /// <summary>What an image must exceed to be flagged: never below the 95th percentile.</summary>
    public double Value => Math.Max(Percentile95, Tail);

    /// <summary>Fits the threshold. <paramref name="falseAlarm"/> is p, the accepted probability for a real image in (0, 1).</summary>
    public static TailThreshold Fit(IReadOnlyList<double> correlations, double falseAlarm)
    {
        if (correlations.Count < 2) throw new ArgumentException("At least two held-out similarities are needed.", nameof(correlations));
        if (!(falseAlarm is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(falseAlarm));
        double[] z = [.. correlations.Select(Fisher).Order()];
        int n = z.Length;
        int exceedances = Math.Clamp((int)Math.Ceiling(0.05 * n), Math.Min(LeastExceedances, n / 2), n - 1);
        double u = z[n - 1 - exceedances];
        double beta = z[(n - exceedances)..].Average() - u;
        double tail = u + beta * Math.Max(0, Math.Log(exceedances / (n * falseAlarm)));
        return new TailThreshold(Percentile(correlations, 0.95), Math.Tanh(tail));
    }

    /// <summary>The q-quantile, linearly interpolated between order statistics (Hyndman and Fan's type 7).</summary>
    public static double Percentile(IReadOnlyList<double> values, double q)
    {
        double[] sorted = [.. values.Order()];
        double at = q * (sorted.Length - 1);
        int below = (int)Math.Floor(at), above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    private static double Fisher(double rho) => Math.Atanh(Math.Clamp(rho, -NearlyOne, NearlyOne));
}
