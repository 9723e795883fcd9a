namespace MedGan.Models.Metrics;

/// <summary>
/// Errors of an image against the truth, over the pixels of a mask; a mask of no length stands for the whole image.
/// Values are taken as they are (HU for CT): no rescaling, no clipping.
/// </summary>
public static class ImageErrors
{
    /// <summary>Mean absolute error, sum |x - y| M / sum M, in the images' unit. NaN when the mask is empty.</summary>
    public static double Mae(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<bool> mask)
    {
        Check(x, y, mask);
        var (sum, count) = (0.0, 0L);
        for (var i = 0; i < x.Length; i++)
        {
            if (!mask.IsEmpty && !mask[i]) continue;
            sum += Math.Abs((double)x[i] - y[i]);
            count++;
        }
        return sum / count;
    }

    /// <summary>
    /// Mean absolute error over those of the mask's pixels of which the truth lies in a band: air, soft tissue and bone apart. NaN when there is none.
    /// </summary>
    public static double Mae(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<bool> mask, IntensityBand band)
    {
        Check(x, y, mask);
        var (sum, count) = (0.0, 0L);
        for (var i = 0; i < x.Length; i++)
        {
            if ((!mask.IsEmpty && !mask[i]) || !band.Holds(y[i])) continue;
            sum += Math.Abs((double)x[i] - y[i]);
            count++;
        }
        return sum / count;
    }

    /// <summary>Mean squared error inside the mask, in the images' unit squared. NaN when the mask is empty.</summary>
    public static double Mse(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<bool> mask)
    {
        Check(x, y, mask);
        var (sum, count) = (0.0, 0L);
        for (var i = 0; i < x.Length; i++)
        {
            if (!mask.IsEmpty && !mask[i]) continue;
            sum += ((double)x[i] - y[i]) * ((double)x[i] - y[i]);
            count++;
        }
        return sum / count;
    }

    /// <summary>Peak signal-to-noise ratio inside the mask, 10 log10(range^2 / MSE), decibel; infinite for equal images.</summary>
    /// <param name="x">The image.</param>
    /// <param name="y">The truth.</param>
    /// <param name="mask">Which pixels count.</param>
    /// <param name="range">The largest value minus the smallest that the unit allows: 4095 for CT over [-1024, 3071] HU.</param>
    public static double Psnr(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<bool> mask, double range) =>
        10 * Math.Log10(range * range / Mse(x, y, mask));

    /// <inheritdoc cref="StructuralSimilarity.Of"/>
    public static double Ssim(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<bool> mask, int width, double range) =>
        StructuralSimilarity.Of(x, y, mask, width, range);

    internal static void Check(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<bool> mask)
    {
        if (x.Length != y.Length || (!mask.IsEmpty && x.Length != mask.Length)) throw new ArgumentException($"Image, truth and mask must be of one size: {x.Length}, {y.Length}, {mask.Length}.");
    }
}
