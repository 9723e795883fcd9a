using static TorchSharp.torch;

namespace MedGan.Models.Training.Degradation;

/// <summary>Noise as scanners have it, drawn on the CPU from our own generator: the same seed gives the same noise on every device.</summary>
public static class AcquisitionNoise
{
    /// <summary>
    /// Magnitude images of MR (Gudbjartsson and Patz, MRM 1995, equation 1): |s + n1 + i n2|, n1 and n2 from N(0, sigma^2); where there is no signal
    /// the mean is sigma sqrt(pi / 2).
    /// </summary>
    /// <param name="image">Any shape, in [-1, 1]; -1 = no signal.</param>
    /// <param name="deviation">sigma, share of the range of the signal: of (x + 1) / 2.</param>
    /// <param name="random">Draws two values a pixel.</param>
    /// <returns>The same shape, at least -1.</returns>
    public static Tensor Rician(Tensor image, double deviation, SeededRandom random)
    {
        using var scope = NewDisposeScope();
        var real = (image + 1) / 2 + deviation * Normal(image, random);
        return (2 * (real.square() + (deviation * Normal(image, random)).square()).sqrt() - 1).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Noise of reconstructed CT: Gaussian, and alike in neighbouring pixels, since filtering and interpolation spread each measurement over several.
    /// White noise through a Gaussian kernel, scaled back to sigma.
    /// </summary>
    /// <param name="image">[N,C,H,W] in [-1, 1].</param>
    /// <param name="deviation">sigma, share of the range: of (x + 1) / 2.</param>
    /// <param name="correlationFwhm">Of the kernel, pixels; 0 = white.</param>
    /// <param name="random">Draws one value a pixel.</param>
    public static Tensor Gaussian(Tensor image, double deviation, double correlationFwhm, SeededRandom random)
    {
        using var scope = NewDisposeScope();
        var noise = Normal(image, random);
        if (correlationFwhm > 0)
        {
            // circular kernels: the deviation is the same in every pixel
            var (rows, columns) = (Circular((int)image.shape[2], correlationFwhm), Circular((int)image.shape[3], correlationFwhm));
            noise = AxisOperator.Apply(noise, rows, columns);
        }
        return (image + 2 * deviation * noise).MoveToOuterDisposeScope();
    }

    private static Tensor Normal(Tensor like, SeededRandom random)
    {
        var values = new float[like.numel()];
        for (var i = 0; i < values.Length; i++) values[i] = (float)random.NextNormal();
        return tensor(values, like.shape, device: like.device);
    }

    // a Gaussian kernel whose squares sum to 1
    private static AxisOperator Circular(int length, double fwhm)
    {
        var kernel = Enumerable.Range(0, length).Select(d => SliceProfile.At(SliceShape.Gaussian, Math.Min(d, length - d), fwhm)).ToArray();
        var norm = Math.Sqrt(kernel.Sum(v => v * v));
        var weights = new double[length, length];
        for (var i = 0; i < length; i++)
            for (var j = 0; j < length; j++) weights[i, j] = kernel[Math.Abs(i - j)] / norm;
        return new AxisOperator(weights);
    }
}
