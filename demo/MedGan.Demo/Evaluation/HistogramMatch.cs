namespace MedGan.Demo.Evaluation;

/// <summary>Maps one image's values to another distribution, rank for rank (Gonzalez and Woods, Digital Image Processing, 3.3.2).</summary>
internal sealed class HistogramMatch
{
    private const int Quantiles = 1024;
    private readonly float[] _from, _to;

    /// <param name="source">Values to be mapped.</param>
    /// <param name="target">Values whose distribution the result shall have.</param>
    public HistogramMatch(IEnumerable<float> source, IEnumerable<float> target) => (_from, _to) = (QuantilesOf(source), QuantilesOf(target));

    public float Map(float value)
    {
        var at = Array.BinarySearch(_from, value);
        if (at >= 0) return _to[at];
        at = ~at;
        if (at == 0) return _to[0];
        if (at == _from.Length) return _to[^1];
        var share = (value - _from[at - 1]) / (_from[at] - _from[at - 1]);
        return _to[at - 1] + share * (_to[at] - _to[at - 1]);
    }

    private static float[] QuantilesOf(IEnumerable<float> values)
    {
        var sorted = values.Order().ToArray();
        return [.. Enumerable.Range(0, Quantiles).Select(q => sorted[(int)((long)q * (sorted.Length - 1) / (Quantiles - 1))])];
    }
}
