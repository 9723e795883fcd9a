using System.Numerics;
using System.Runtime.InteropServices;

namespace MedGan.Privacy.Memorization;

/// <summary>
/// Pearson correlation (for images: zero-normalised cross-correlation at zero lag) as a plain dot product:
/// every vector is first brought to mean 0 and Euclidean norm 1.
/// </summary>
public static class Correlation
{
    /// <summary>Vectors are padded with zeros to a multiple of this length, so that no loop has a remainder.</summary>
    internal const int Padding = 64;

    // Below this root-mean-square contrast (the pixel range is 2) a vector is constant for all purposes.
    private const double LeastContrast = 1e-5;

    /// <summary>The padded length of a vector of the given length.</summary>
    internal static int PaddedLength(int length) => (length + Padding - 1) / Padding * Padding;

    /// <summary>
    /// Writes <paramref name="values"/> with mean 0 and norm 1 to the start of <paramref name="target"/> and zeros behind.
    /// A constant vector has no correlation with anything: it becomes zero, and false is returned.
    /// </summary>
    public static bool Standardise(ReadOnlySpan<float> values, Span<float> target)
    {
        target.Clear();
        double sum = 0;
        foreach (float value in values) sum += value;
        double mean = sum / values.Length, squares = 0;
        foreach (float value in values) squares += (value - mean) * (value - mean);
        if (!(squares > LeastContrast * LeastContrast * values.Length)) return false;
        double scale = 1 / Math.Sqrt(squares);
        for (int i = 0; i < values.Length; i++) target[i] = (float)((values[i] - mean) * scale);
        return true;
    }

    /// <summary>The correlation of two vectors of the same length; 0 where one of them is constant.</summary>
    public static double Of(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        int padded = PaddedLength(x.Length);
        float[] a = new float[padded], b = new float[padded];
        if (!Standardise(x, a) | !Standardise(y, b)) return 0;
        var dots = Dot4(b, a, a, a, a);
        return Math.Clamp(dots.A, -1, 1);
    }

    /// <summary>The dot products of one padded vector with four others: one load of it serves all four.</summary>
    internal static (float A, float B, float C, float D) Dot4(
        ReadOnlySpan<float> x, ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, ReadOnlySpan<float> d)
    {
        var vx = MemoryMarshal.Cast<float, Vector<float>>(x);
        var va = MemoryMarshal.Cast<float, Vector<float>>(a)[..vx.Length];
        var vb = MemoryMarshal.Cast<float, Vector<float>>(b)[..vx.Length];
        var vc = MemoryMarshal.Cast<float, Vector<float>>(c)[..vx.Length];
        var vd = MemoryMarshal.Cast<float, Vector<float>>(d)[..vx.Length];
        Vector<float> a0 = default, b0 = default, c0 = default, d0 = default, a1 = default, b1 = default, c1 = default, d1 = default;
        for (int i = 0; i + 1 < vx.Length; i += 2)
        {
            var p = vx[i];
            a0 = Vector.FusedMultiplyAdd(p, va[i], a0);
            b0 = Vector.FusedMultiplyAdd(p, vb[i], b0);
            c0 = Vector.FusedMultiplyAdd(p, vc[i], c0);
            d0 = Vector.FusedMultiplyAdd(p, vd[i], d0);
            var q = vx[i + 1];
            a1 = Vector.FusedMultiplyAdd(q, va[i + 1], a1);
            b1 = Vector.FusedMultiplyAdd(q, vb[i + 1], b1);
            c1 = Vector.FusedMultiplyAdd(q, vc[i + 1], c1);
            d1 = Vector.FusedMultiplyAdd(q, vd[i + 1], d1);
        }
        return (Vector.Sum(a0 + a1), Vector.Sum(b0 + b1), Vector.Sum(c0 + c1), Vector.Sum(d0 + d1));
    }
}
