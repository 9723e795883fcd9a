using MedGan.Models.Training;

namespace MedGan.Models.Metrics;

/// <summary>
/// Kernel distance, KID (Binkowski et al., 1801.01401, section 4): the unbiased estimate of MMD^2 (Gretton et al., JMLR 2012, equation 3) with the kernel
/// k(x, y) = (x.y / D + 1)^3: mean of k over pairs of different real ones + over pairs of different generated ones - 2 x over all mixed pairs.
/// Unbiased whatever N; below 0 by chance where the sets are alike.
/// </summary>
public static class KernelDistance
{
    /// <param name="real">[N][D], N at least 2.</param>
    /// <param name="generated">[M][D], M at least 2.</param>
    public static double Of(IReadOnlyList<float[]> real, IReadOnlyList<float[]> generated) =>
        new Kernels(real, generated).Of(FeatureSets.Once(real.Count), FeatureSets.Once(generated.Count));

    /// <summary>The mean over random subsets of both sets, with its spread over them: the usual KID.</summary>
    /// <param name="real">[N][D], N at least 2.</param>
    /// <param name="generated">[M][D], M at least 2.</param>
    /// <param name="subsets">How many; usual are 100.</param>
    /// <param name="size">Vectors of each set, usually 1000; the smaller set's size if that is less.</param>
    /// <param name="seed">Decides the subsets.</param>
    public static KernelDistanceResult OfSubsets(IReadOnlyList<float[]> real, IReadOnlyList<float[]> generated, int subsets, int size, long seed)
    {
        FeatureSets.Check(real, generated, atLeast: 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(subsets, 1);
        size = Math.Min(Math.Max(size, 2), Math.Min(real.Count, generated.Count));
        var random = new SeededRandom(seed, stream: 41);
        if (size == real.Count && size == generated.Count) subsets = 1; // all would be the same
        var values = Enumerable.Range(0, subsets).Select(_ => Of(FeatureSets.Subset(real, size, random), FeatureSets.Subset(generated, size, random))).ToArray();
        var mean = values.Average();
        return new(mean, Math.Sqrt(values.Average(v => (v - mean) * (v - mean))), Percentile.Of(values, 0.025), Percentile.Of(values, 0.975), subsets, size);
    }

    /// <summary>All values of the kernel, so that resampled sets cost no more of them.</summary>
    internal sealed class Kernels
    {
        private readonly double[][] real, generated, mixed;

        public Kernels(IReadOnlyList<float[]> real, IReadOnlyList<float[]> generated)
        {
            FeatureSets.Check(real, generated, atLeast: 2);
            (this.real, this.generated, mixed) = (Kernel(real, real), Kernel(generated, generated), Kernel(real, generated));
        }

        /// <summary>Of sets that hold each vector so many times; a vector makes no pair with its own copies, which keeps the estimate unbiased.</summary>
        public double Of(int[] realTimes, int[] generatedTimes) =>
            PairMeans.Within(real, realTimes) + PairMeans.Within(generated, generatedTimes) - 2 * PairMeans.Across(mixed, realTimes, generatedTimes);
    }

    private static double[][] Kernel(IReadOnlyList<float[]> x, IReadOnlyList<float[]> y)
    {
        var values = FeatureSets.Products(x, y);
        foreach (var row in values)
            foreach (ref var v in row.AsSpan())
            {
                var k = v / x[0].Length + 1;
                v = k * k * k;
            }
        return values;
    }
}

/// <param name="Mean">Over the subsets.</param>
/// <param name="Deviation">Standard deviation over the subsets.</param>
/// <param name="Low">2.5th percentile over the subsets.</param>
/// <param name="High">97.5th percentile over the subsets.</param>
/// <param name="Subsets">How many; 1 of whole sets, which would all be the same.</param>
/// <param name="SubsetSize">Vectors of each set in one.</param>
public sealed record KernelDistanceResult(double Mean, double Deviation, double Low, double High, int Subsets, int SubsetSize);
