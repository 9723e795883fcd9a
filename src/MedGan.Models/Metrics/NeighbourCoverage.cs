namespace MedGan.Models.Metrics;

/// <summary>
/// How two sets of features cover each other, by balls around each vector up to its k-th nearest neighbour in its own set.
/// Precision and recall: Kynkaanniemi et al., 1904.06991, equations 1 and 2. Density and coverage: Naeem et al., 2002.09797, equations 3 and 4.
/// Each is a mean over images, kept one by one, so that it can be resampled by patient without moving the balls.
/// </summary>
public sealed class NeighbourCoverage
{
    private NeighbourCoverage(double[] precision, double[] recall, double[] density, double[] coverage) =>
        (PrecisionOf, RecallOf, DensityOf, CoverageOf) = (precision, recall, density, coverage);

    /// <summary>Of each generated image: 1 if it lies in the ball of a real one, else 0.</summary>
    public IReadOnlyList<double> PrecisionOf { get; }

    /// <summary>Of each real image: 1 if it lies in the ball of a generated one, else 0.</summary>
    public IReadOnlyList<double> RecallOf { get; }

    /// <summary>Of each generated image: the number of real ones in whose ball it lies, divided by k.</summary>
    public IReadOnlyList<double> DensityOf { get; }

    /// <summary>Of each real image: 1 if a generated one lies in its ball, else 0.</summary>
    public IReadOnlyList<double> CoverageOf { get; }

    /// <summary>The share of the generated images that look real, [0, 1].</summary>
    public double Precision => PrecisionOf.Average();

    /// <summary>The share of the real images that could be generated, [0, 1].</summary>
    public double Recall => RecallOf.Average();

    /// <summary>As precision, but unmoved by single outliers among the real ones; near 1 for equal distributions, may exceed 1.</summary>
    public double Density => DensityOf.Average();

    /// <summary>As recall, by the real images' balls, [0, 1].</summary>
    public double Coverage => CoverageOf.Average();

    /// <param name="real">[N][D], N above k.</param>
    /// <param name="generated">[M][D], M above k.</param>
    /// <param name="neighbours">k, usually 5.</param>
    public static NeighbourCoverage Of(IReadOnlyList<float[]> real, IReadOnlyList<float[]> generated, int neighbours = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbours, 1);
        FeatureSets.Check(real, generated, atLeast: neighbours + 1);
        var (realRadii, generatedRadii) = (Radii(real, neighbours), Radii(generated, neighbours));
        var distances = FeatureSets.Distances(real, generated); // [N][M]
        var (ofReal, ofGenerated) = (Enumerable.Range(0, real.Count).ToArray(), Enumerable.Range(0, generated.Count).ToArray());
        return new(
            precision: [.. ofGenerated.Select(j => ofReal.Any(i => distances[i][j] <= realRadii[i]) ? 1.0 : 0.0)],
            recall: [.. ofReal.Select(i => ofGenerated.Any(j => distances[i][j] <= generatedRadii[j]) ? 1.0 : 0.0)],
            density: [.. ofGenerated.Select(j => ofReal.Count(i => distances[i][j] <= realRadii[i]) / (double)neighbours)],
            coverage: [.. ofReal.Select(i => distances[i].Min() <= realRadii[i] ? 1.0 : 0.0)]);
    }

    // distance of each vector to its k-th nearest neighbour among the others
    private static double[] Radii(IReadOnlyList<float[]> features, int neighbours) =>
        [.. FeatureSets.Distances(features, features).Select((row, i) => row.Where((_, j) => j != i).Order().ElementAt(neighbours - 1))];
}
