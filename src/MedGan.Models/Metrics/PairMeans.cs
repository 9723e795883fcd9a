namespace MedGan.Models.Metrics;

/// <summary>Means over pairs of two sets that hold each of their members a number of times.</summary>
internal static class PairMeans
{
    /// <summary>Over pairs of different members of one set; a member makes no pair with its own copies.</summary>
    public static double Within(double[][] values, int[] times)
    {
        var (sum, count) = (0.0, 0.0);
        for (var i = 0; i < times.Length; i++)
            for (var j = 0; times[i] != 0 && j < times.Length; j++)
            {
                if (i == j) continue;
                sum += (double)times[i] * times[j] * values[i][j];
                count += (double)times[i] * times[j];
            }
        return sum / count;
    }

    public static double Across(double[][] values, int[] rowTimes, int[] columnTimes)
    {
        var sum = 0.0;
        for (var i = 0; i < rowTimes.Length; i++)
            for (var j = 0; rowTimes[i] != 0 && j < columnTimes.Length; j++) sum += (double)rowTimes[i] * columnTimes[j] * values[i][j];
        return sum / ((double)rowTimes.Sum() * columnTimes.Sum());
    }
}
