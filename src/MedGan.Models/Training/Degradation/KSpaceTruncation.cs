namespace MedGan.Models.Training.Degradation;

/// <summary>How a truncated k-space is tapered before it is transformed back.</summary>
public enum KSpaceWindow
{
    /// <summary>Not at all: full sharpness, Gibbs ringing at edges.</summary>
    None,

    /// <summary>Cosine taper over the outer half of the kept frequencies (Tukey, 1967, alpha = 1/2).</summary>
    Tukey,

    /// <summary>Hann's window over all kept frequencies.</summary>
    Hann,
}

/// <summary>
/// What a magnetic resonance scanner does that samples only the middle of k-space: the discrete Fourier transform of an axis, its m central frequencies, tapered,
/// transformed back to m samples. Written as one real matrix, y = D x with
/// D[i,j] = 1/n sum over k of w(k) cos(2 pi k (c_i - j) / n), k = -floor(m/2) .. ceil(m/2) - 1, c_i = f (i + 1/2) - 1/2:
/// the centre of the f samples that output i stands for, so that nothing is shifted (a plain crop would shift by (f - 1) / 2). The frequency -m/2 of an even m, which has
/// no partner, keeps its real part, as in the real part of the inverse transform. Constants are kept exactly.
/// </summary>
public static class KSpaceTruncation
{
    /// <param name="length">n, a multiple of the factor.</param>
    /// <param name="factor">f, at least 1.</param>
    /// <param name="window">How the kept frequencies are tapered.</param>
    public static AxisOperator Of(int length, int factor, KSpaceWindow window)
    {
        var shorter = AxisOperator.Shorter(length, factor);
        var kernel = new double[length]; // the same for every output, f samples further on
        for (var d = 0; d < length; d++)
            for (var k = -(shorter / 2); k < (shorter + 1) / 2; k++)
                kernel[d] += Window(window, 2.0 * Math.Abs(k) / shorter) * Math.Cos(2 * Math.PI * k * (d + (factor - 1) / 2.0) / length) / length;
        var weights = new double[shorter, length];
        for (var i = 0; i < shorter; i++)
            for (var j = 0; j < length; j++) weights[i, j] = kernel[(factor * i - j + length) % length];
        return new AxisOperator(weights);
    }

    /// <param name="window">Which.</param>
    /// <param name="frequency">Share of the highest kept frequency, [0, 1].</param>
    /// <returns>[0, 1]; 1 at frequency 0.</returns>
    public static double Window(KSpaceWindow window, double frequency) => window switch
    {
        KSpaceWindow.Tukey when frequency > 0.5 => 0.5 + 0.5 * Math.Cos(2 * Math.PI * (frequency - 0.5)),
        KSpaceWindow.Hann => 0.5 + 0.5 * Math.Cos(Math.PI * frequency),
        _ => 1,
    };
}
