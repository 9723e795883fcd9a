namespace MedGan.Dicom.Files.Jpeg;

/// <summary>The inverse discrete cosine transform of 8 x 8 blocks (T.81 A.3.3), in single precision as the formula stands.</summary>
internal static class InverseCosine
{
    private static readonly byte[] ZigZag =
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    ];

    // Basis[u, x] = C(u) / 2 cos((2x + 1) u pi / 16), C(0) = 1 / sqrt 2.
    private static readonly float[] Basis =
        [.. Enumerable.Range(0, 64).Select(i => (float)((i < 8 ? Math.Sqrt(0.5) : 1) / 2 * Math.Cos((2 * (i % 8) + 1) * (i / 8) * Math.PI / 16)))];

    /// <summary>Samples of one block, [row, column]: quantisation undone, level shifted by 128, rounded and clamped to 0 .. 255.</summary>
    /// <param name="coefficients">64, in zigzag order.</param>
    /// <param name="steps">The quantisation table, in zigzag order.</param>
    /// <param name="samples">64, written.</param>
    public static void Apply(ReadOnlySpan<short> coefficients, ReadOnlySpan<ushort> steps, Span<byte> samples)
    {
        Span<float> half = stackalloc float[64], result = stackalloc float[64];
        half.Clear();
        result.Clear();
        for (var i = 0; i < 64; i++)
        {
            if (coefficients[i] == 0)
                continue;
            float value = coefficients[i] * steps[i];
            int v = ZigZag[i] / 8, u = ZigZag[i] % 8;
            for (var x = 0; x < 8; x++)
                half[8 * v + x] += value * Basis[8 * u + x];
        }
        for (var v = 0; v < 8; v++)
            for (var y = 0; y < 8; y++)
                for (var x = 0; x < 8; x++)
                    result[8 * y + x] += Basis[8 * v + y] * half[8 * v + x];
        for (var i = 0; i < 64; i++)
            samples[i] = (byte)Math.Clamp(MathF.Round(result[i] + 128), 0, 255);
    }
}
