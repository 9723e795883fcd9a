namespace MedGan.Models.Metrics;

/// <summary>Otsu's threshold (IEEE Trans. SMC 1979, equation 18): the cut of a histogram that leaves the largest variance between its two parts.</summary>
internal static class OtsuThreshold
{
    private const int Bins = 256;

    /// <summary>Of values in [0, 1], by 256 bins: the upper edge of the last bin below the cut; 1 where all values lie in one bin.</summary>
    public static double Of(double[] values)
    {
        var counts = new long[Bins];
        foreach (var v in values) counts[Math.Min((int)(v * Bins), Bins - 1)]++;
        var total = counts.Select((c, i) => (double)c * i).Sum();
        var (below, sumBelow, best, cut) = (0L, 0.0, 0.0, Bins - 1);
        for (var i = 0; i < Bins - 1; i++)
        {
            below += counts[i];
            sumBelow += (double)counts[i] * i;
            if (below == 0 || below == values.Length) continue;
            var difference = sumBelow / below - (total - sumBelow) / (values.Length - below);
            var between = (double)below * (values.Length - below) * difference * difference;
            if (between > best * (1 + 1e-12)) (best, cut) = (between, i);
        }
        return (cut + 1.0) / Bins;
    }
}
