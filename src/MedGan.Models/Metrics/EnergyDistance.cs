namespace MedGan.Models.Metrics;

/// <summary>
/// Energy distance (Szekely and Rizzo, J. Stat. Plan. Inference 2013, equation 2.5), unbiased: 2 E|x - y| - E|x - x'| - E|y - y'|, over pairs of different members.
/// Zero in expectation for equal distributions; needs no covariance, so few images suffice.
/// </summary>
public static class EnergyDistance
{
    /// <param name="real">[N][D], N at least 2.</param>
    /// <param name="generated">[M][D], M at least 2.</param>
    /// <returns>In the features' unit.</returns>
    public static double Of(IReadOnlyList<float[]> real, IReadOnlyList<float[]> generated) =>
        new Distances(real, generated).Of(FeatureSets.Once(real.Count), FeatureSets.Once(generated.Count));

    /// <summary>All distances, so that resampled sets cost no more of them.</summary>
    internal sealed class Distances
    {
        private readonly double[][] real, generated, mixed;

        public Distances(IReadOnlyList<float[]> real, IReadOnlyList<float[]> generated)
        {
            FeatureSets.Check(real, generated, atLeast: 2);
            (this.real, this.generated, mixed) = (FeatureSets.Distances(real, real), FeatureSets.Distances(generated, generated), FeatureSets.Distances(real, generated));
        }

        public double Of(int[] realTimes, int[] generatedTimes) =>
            2 * PairMeans.Across(mixed, realTimes, generatedTimes) - PairMeans.Within(real, realTimes) - PairMeans.Within(generated, generatedTimes);
    }
}
