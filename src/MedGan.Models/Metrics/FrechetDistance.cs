using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Metrics;

/// <summary>
/// Frechet distance of two sets of features, each taken for normally distributed (Heusel et al., 1706.08500, equation 6):
/// |m1 - m2|^2 + Tr(S1 + S2 - 2 (S1 S2)^(1/2)), with sample covariances (division by N - 1).
/// With S = A'A of a set's centred, scaled features A = QR, Tr (S1 S2)^(1/2) is the sum of the singular values of R1 R2': no root of a matrix, no small negative eigenvalue.
/// It falls with N: compare distances of the same N only, or <see cref="AtInfinity"/>.
/// </summary>
public static class FrechetDistance
{
    /// <param name="real">[N][D], N at least 2.</param>
    /// <param name="generated">[M][D], M at least 2.</param>
    /// <returns>At least 0, in the features' unit squared.</returns>
    public static double Of(IReadOnlyList<float[]> real, IReadOnlyList<float[]> generated)
    {
        FeatureSets.Check(real, generated, atLeast: 2);
        return Of(real, FeatureSets.Once(real.Count), generated, FeatureSets.Once(generated.Count));
    }

    /// <summary>The same of sets that hold each vector so many times.</summary>
    internal static double Of(IReadOnlyList<float[]> real, int[] realTimes, IReadOnlyList<float[]> generated, int[] generatedTimes)
    {
        using var scope = NewDisposeScope();
        var (mean1, root1) = MeanAndRoot(real, realTimes);
        var (mean2, root2) = MeanAndRoot(generated, generatedTimes);
        var cross = linalg.svdvals(root1.matmul(root2.t())).sum();
        return Math.Max(0, ((mean1 - mean2).square().sum() + root1.square().sum() + root2.square().sum() - 2 * cross).ToDouble());
    }

    /// <summary>
    /// FD-infinity (Chong and Forsyth, 1911.07023, section 4): distances of 15 random subsets of both sets, from a half of each to the whole, fitted by
    /// a line against 1/N; its value at 1/N = 0, N the smaller subset's size. Needs N well above D to mean much; can be below 0.
    /// </summary>
    /// <param name="real">[N][D], N at least 4.</param>
    /// <param name="generated">[M][D], M at least 4.</param>
    /// <param name="seed">Decides the subsets.</param>
    public static double AtInfinity(IReadOnlyList<float[]> real, IReadOnlyList<float[]> generated, long seed)
    {
        FeatureSets.Check(real, generated, atLeast: 4);
        const int points = 15;
        var random = new Training.SeededRandom(seed, stream: 40);
        var (x, y) = (new double[points], new double[points]);
        for (var i = 0; i < points; i++)
        {
            var share = 0.5 + 0.5 * i / (points - 1);
            var (one, other) = (FeatureSets.Subset(real, (int)(share * real.Count), random), FeatureSets.Subset(generated, (int)(share * generated.Count), random));
            (x[i], y[i]) = (1.0 / Math.Min(one.Count, other.Count), Of(one, other));
        }
        return Intercept(x, y);
    }

    /// <summary>Of the least-squares line through the points, at x = 0.</summary>
    internal static double Intercept(double[] x, double[] y)
    {
        var (meanX, meanY) = (x.Average(), y.Average());
        var slope = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
        return meanY - slope * meanX;
    }

    // mean [D] and R [min(N,D),D] with R'R the covariance
    private static (Tensor Mean, Tensor Root) MeanAndRoot(IReadOnlyList<float[]> features, int[] times)
    {
        var rows = FeatureSets.Matrix(features);                                                             // [N,D]
        var weights = tensor(times.Select(t => (double)t).ToArray(), [times.Length, 1]);                     // [N,1]
        var count = times.Sum();
        var mean = (rows * weights).sum([0]) / count;                                                           // [D]
        var centred = (rows - mean) * (weights / (count - 1)).sqrt();
        return (mean, linalg.qr(centred).Item2);
    }
}
