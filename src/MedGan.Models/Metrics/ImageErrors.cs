namespace MedGan.Models.Metrics;

/// <summary>
/// Errors of an image against the truth, over the pixels of a mask. Values are taken as they are (HU for CT): no rescaling, no clipping.
/// </summary>
public static class ImageErrors
{
    private const int Window = 7;

    /// <summary>Mean absolute error, sum |x - y| M / sum M, in the images' unit. NaN when the mask is empty.</summary>
    public static double Mae(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<bool> mask)
    {
        Check(x, y, mask);
        var (sum, count) = (0.0, 0L);
        for (var i = 0; i < x.Length; i++)
        {
            if (!mask[i]) continue;
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
            if (!mask[i]) continue;
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

    /// <summary>
    /// Structural similarity (Wang et al., IEEE TIP 2004, equation 13) with a 7 x 7 uniform window, K = (0.01, 0.03) and the sample covariance
    /// (division by 48), averaged over the mask's pixels whose window lies inside the image. NaN when there is none.
    /// </summary>
    public static double Ssim(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<bool> mask, int width, double range)
    {
        Check(x, y, mask);
        if (width < Window || x.Length % width != 0 || x.Length / width < Window)
            throw new ArgumentException($"SSIM needs an image of at least {Window} x {Window} pixels.", nameof(width));
        var (sum, count) = (0.0, 0L);
        var margin = Window / 2;
        for (var row = margin; row < x.Length / width - margin; row++)
            for (var column = margin; column < width - margin; column++)
            {
                if (!mask[row * width + column]) continue;
                sum += SsimAt(x, y, width, row - margin, column - margin, range);
                count++;
            }
        return sum / count;
    }

    private static double SsimAt(ReadOnlySpan<float> x, ReadOnlySpan<float> y, int width, int top, int left, double range)
    {
        const double n = Window * Window;
        double sumX = 0, sumY = 0, sumXX = 0, sumYY = 0, sumXY = 0;
        for (var row = top; row < top + Window; row++)
            for (var i = row * width + left; i < row * width + left + Window; i++)
            {
                double a = x[i], b = y[i];
                sumX += a;
                sumY += b;
                sumXX += a * a;
                sumYY += b * b;
                sumXY += a * b;
            }
        var (meanX, meanY) = (sumX / n, sumY / n);
        var varianceX = (sumXX - n * meanX * meanX) / (n - 1);
        var varianceY = (sumYY - n * meanY * meanY) / (n - 1);
        var covariance = (sumXY - n * meanX * meanY) / (n - 1);
        var (c1, c2) = (0.01 * range * (0.01 * range), 0.03 * range * (0.03 * range));
        return (2 * meanX * meanY + c1) * (2 * covariance + c2)
             / ((meanX * meanX + meanY * meanY + c1) * (varianceX + varianceY + c2));
    }

    private static void Check(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<bool> mask)
    {
        if (x.Length != y.Length || x.Length != mask.Length) throw new ArgumentException($"Image, truth and mask must be of one size: {x.Length}, {y.Length}, {mask.Length}.");
    }
}
