using MedGan.Models.Metrics;
using MedGan.Phantoms;

namespace MedGan.Bench.Generators;

/// <summary>
/// How the lesions of one set of images cover those of another. A lesion is (centre across, centre down, radius), each divided by its standard deviation over the real ones; precision, recall and
/// coverage are those of <see cref="NeighbourCoverage"/>, k = 5. Where nothing is found in an image that should show a lesion, that image counts as wrong.
/// </summary>
/// <param name="Found">The share of images with a lesion in which one is found.</param>
/// <param name="Precision">The share of the images with a lesion whose lesion lies among the real ones.</param>
/// <param name="Recall">The share of the real lesions that lie among them.</param>
/// <param name="Coverage">The share of the real lesions in whose neighbourhood one of them lies.</param>
/// <param name="FalseAlarms">The share of images without a lesion in which one is found.</param>
internal sealed record LesionFigures(double Found, double Precision, double Recall, double Coverage, double FalseAlarms)
{
    private const int Neighbours = 5;

    /// <param name="real">Read from real images with a lesion.</param>
    /// <param name="read">Read from the other images with a lesion.</param>
    /// <param name="without">Read from the other images without.</param>
    public static LesionFigures Of(IReadOnlyList<LesionOutline?> real, IReadOnlyList<LesionOutline?> read, IReadOnlyList<LesionOutline?> without)
    {
        static float[][] Vectors(IReadOnlyList<LesionOutline?> lesions) => [.. lesions.OfType<LesionOutline>().Select(l => new[] { (float)l.AcrossMm, (float)l.DownMm, (float)l.RadiusMm })];
        var (found, falseAlarms) = (read.Count(l => l is not null) / (double)read.Count, without.Count(l => l is not null) / (double)without.Count);
        var (one, other) = (Vectors(real), Vectors(read));
        if (other.Length <= Neighbours) return new(found, 0, 0, 0, falseAlarms);
        var deviations = Enumerable.Range(0, 3).Select(d => Deviation([.. one.Select(v => v[d])])).ToArray();
        foreach (var vector in one.Concat(other))
            for (var d = 0; d < vector.Length; d++) vector[d] /= deviations[d];
        var cover = NeighbourCoverage.Of(one, other, Neighbours);
        return new(found, cover.Precision * found, cover.Recall, cover.Coverage, falseAlarms);
    }

    private static float Deviation(float[] values)
    {
        var mean = values.Average();
        return MathF.Sqrt(values.Average(v => (v - mean) * (v - mean)));
    }
}
