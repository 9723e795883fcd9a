using MedGan.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Metrics;

/// <summary>Sets of feature vectors, as the metrics of distributions take them.</summary>
internal static class FeatureSets
{
    public static void Check(IReadOnlyList<float[]> real, IReadOnlyList<float[]> generated, int atLeast)
    {
        if (real.Count < atLeast || generated.Count < atLeast)
            throw new ArgumentException($"This metric needs at least {atLeast} real and {atLeast} generated images, not {real.Count} and {generated.Count}.");
        var dimensions = real[0].Length;
        if (real.Concat(generated).Any(f => f.Length != dimensions)) throw new ArgumentException("The feature vectors are not all of one length.");
        if (real.Concat(generated).Any(f => f.Any(v => !float.IsFinite(v)))) throw new ArgumentException("A feature is not a finite number.");
    }

    public static int[] Once(int count) => [.. Enumerable.Repeat(1, count)];

    /// <returns>[N,D], float64, on the CPU.</returns>
    public static Tensor Matrix(IReadOnlyList<float[]> features) => tensor(features.SelectMany(f => f).ToArray(), [features.Count, features[0].Length]).to_type(ScalarType.Float64);

    /// <summary>Drawn without replacement.</summary>
    public static List<float[]> Subset(IReadOnlyList<float[]> features, int count, SeededRandom random) => [.. Draw(features.Count, count, random).Select(i => features[i])];

    public static int[] Draw(int count, int drawn, SeededRandom random)
    {
        var order = Enumerable.Range(0, count).ToArray();
        random.Shuffle(order.AsSpan());
        return order[..drawn];
    }

    /// <summary>Distances |x - y| between all rows.</summary>
    /// <returns>N rows of M values.</returns>
    public static double[][] Distances(IReadOnlyList<float[]> from, IReadOnlyList<float[]> to)
    {
        var rows = new double[from.Count][];
        Parallel.For(0, rows.Length, i => rows[i] = [.. to.Select(y => Distance(from[i], y))]);
        return rows;
    }

    /// <summary>Products x.y of all rows.</summary>
    /// <returns>N rows of M values.</returns>
    public static double[][] Products(IReadOnlyList<float[]> from, IReadOnlyList<float[]> to)
    {
        using var scope = NewDisposeScope();
        return [.. Matrix(from).matmul(Matrix(to).t()).data<double>().ToArray().Chunk(to.Count)];
    }

    // from the differences: exact for near copies, which |x|^2 + |y|^2 - 2 x.y is not
    private static double Distance(float[] x, float[] y)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++) sum += ((double)x[i] - y[i]) * ((double)x[i] - y[i]);
        return Math.Sqrt(sum);
    }
}
