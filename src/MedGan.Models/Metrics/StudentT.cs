namespace MedGan.Models.Metrics;

/// <summary>Student's t distribution of whole degrees of freedom (Abramowitz and Stegun, 26.7.3 and 26.7.4).</summary>
internal static class StudentT
{
    /// <summary>Mean +- t s / sqrt(n), the confidence interval of a mean of independent, roughly normal values; null of fewer than two.</summary>
    public static Interval? IntervalOfMean(IReadOnlyList<double> values, double confidence)
    {
        if (values.Count < 2) return null;
        var mean = values.Average();
        var half = Bound(confidence, values.Count - 1) * Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1) / values.Count);
        return new(mean - half, mean + half);
    }

    /// <summary>The t for which P(|T| &lt;= t) is the confidence.</summary>
    public static double Bound(double confidence, int degrees)
    {
        var (low, high) = (0.0, 1.0);
        while (Inside(high, degrees) < confidence) high *= 2;
        for (var i = 0; i < 200 && high - low > 1e-14 * high; i++)
        {
            var middle = (low + high) / 2;
            if (Inside(middle, degrees) < confidence) low = middle;
            else high = middle;
        }
        return high;
    }

    /// <summary>P(|T| &lt;= t).</summary>
    private static double Inside(double t, int degrees)
    {
        var angle = Math.Atan(t / Math.Sqrt(degrees));
        var (sin, cos) = Math.SinCos(angle);
        var even = degrees % 2 == 0;
        if (degrees == 1) return 2 * angle / Math.PI;
        var term = even ? 1 : cos;
        var sum = term;
        for (var k = even ? 2 : 3; k <= degrees - 2; k += 2)
        {
            term *= (k - 1.0) / k * cos * cos;
            sum += term;
        }
        return even ? sin * sum : 2 / Math.PI * (angle + sin * sum);
    }
}
