namespace MedGan.Dicom.Volumes;

/// <summary>How each sample of one regular axis is made from the samples of another: the one-dimensional half of a separable resampling.</summary>
/// <remarks>
/// A coarser target averages the area of each source sample that it covers; a finer one interpolates. Weights of
/// samples beyond the source's ends are dropped, so that a row of weights sums to the part that lies inside.
/// </remarks>
internal sealed class AxisWeights
{
    private readonly (int First, float[] Weights)[] _rows;

    private AxisWeights((int, float[])[] rows) => _rows = rows;

    public int Count => _rows.Length;

    public (int First, float[] Weights) this[int i] => _rows[i];

    /// <param name="targetCount">Samples of the target axis.</param>
    /// <param name="start">Position of target sample 0 on the source axis, in source samples.</param>
    /// <param name="step">Distance of target samples, in source samples; negative turns the axis round.</param>
    /// <param name="sourceCount">Samples of the source axis.</param>
    /// <param name="cubic">Interpolate with Catmull-Rom's cubic instead of linearly.</param>
    public static AxisWeights Create(int targetCount, double start, double step, int sourceCount, bool cubic)
    {
        var rows = new (int, float[])[targetCount];
        for (var i = 0; i < targetCount; i++)
        {
            var centre = start + i * step;
            rows[i] = Math.Abs(step) > 1 ? Area(centre, Math.Abs(step) / 2, sourceCount) : Interpolate(centre, sourceCount, cubic);
        }
        return new AxisWeights(rows);
    }

    private static (int, float[]) Area(double centre, double half, int sourceCount)
    {
        int first = Math.Max(0, (int)Math.Floor(centre - half + 0.5)), last = Math.Min(sourceCount - 1, (int)Math.Ceiling(centre + half - 0.5));
        if (last < first)
            return (0, []);
        var weights = new float[last - first + 1];
        for (var j = first; j <= last; j++)
            weights[j - first] = (float)(Math.Max(0, Math.Min(j + 0.5, centre + half) - Math.Max(j - 0.5, centre - half)) / (2 * half));
        return (first, weights);
    }

    private static (int, float[]) Interpolate(double centre, int sourceCount, bool cubic)
    {
        // Beyond the outer edge of the last sample there is nothing; within it the outermost sample holds.
        if (centre < -0.5 || centre > sourceCount - 0.5)
            return (0, []);
        centre = Math.Clamp(centre, 0, sourceCount - 1);
        var left = (int)Math.Floor(centre);
        var t = centre - left;
        double[] taps = cubic
            ? [t * (-0.5 + t * (1 - 0.5 * t)), 1 + t * t * (-2.5 + 1.5 * t), t * (0.5 + t * (2 - 1.5 * t)), t * t * (-0.5 + 0.5 * t)]
            : [1 - t, t];
        var offset = cubic ? left - 1 : left;
        int first = Math.Max(0, offset), last = Math.Min(sourceCount - 1, offset + taps.Length - 1);
        var weights = new float[last - first + 1];
        for (var j = 0; j < taps.Length; j++)
            weights[Math.Clamp(offset + j, first, last) - first] += (float)taps[j];
        return (first, weights);
    }

    /// <summary>Resamples [rows, columns] along both axes; what lies beyond the source counts as <paramref name="outside"/>.</summary>
    public static void Apply(ReadOnlySpan<float> source, int sourceColumns, AxisWeights rows, AxisWeights columns, Span<float> target, float outside)
    {
        var sourceRows = source.Length / sourceColumns;
        var half = new float[sourceRows * columns.Count];
        for (var y = 0; y < sourceRows; y++)
            for (var x = 0; x < columns.Count; x++)
            {
                var (first, weights) = columns._rows[x];
                float sum = 0;
                for (var j = 0; j < weights.Length; j++)
                    sum += weights[j] * (source[y * sourceColumns + first + j] - outside);
                half[y * columns.Count + x] = sum;
            }
        for (var y = 0; y < rows.Count; y++)
        {
            var (first, weights) = rows._rows[y];
            var line = target.Slice(y * columns.Count, columns.Count);
            line.Clear();
            for (var j = 0; j < weights.Length; j++)
                for (var x = 0; x < line.Length; x++)
                    line[x] += weights[j] * half[(first + j) * columns.Count + x];
            for (var x = 0; x < line.Length; x++)
                line[x] += outside;
        }
    }
}
