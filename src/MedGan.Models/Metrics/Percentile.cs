namespace MedGan.Models.Metrics;

/// <summary>Quantiles by linear interpolation between the ordered values (Hyndman and Fan 1996, definition 7), NumPy's default.</summary>
internal static class Percentile
{
    public static double Of(IEnumerable<double> values, double share)
    {
        var ordered = values.Order().ToArray();
        if (ordered.Length == 0 || double.IsNaN(ordered[0])) return double.NaN; // NaN comes first
        var at = share * (ordered.Length - 1);
        var below = (int)at;
        return below + 1 == ordered.Length || at == below ? ordered[below] : ordered[below] + (at - below) * (ordered[below + 1] - ordered[below]);
    }
}
