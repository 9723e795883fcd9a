namespace MedGan.Models.Metrics;

/// <summary>
/// Structural similarity (Wang et al., IEEE TIP 2004, equation 13) with a 7 x 7 uniform window, K = (0.01, 0.03) and the sample covariance (division by 48):
/// SSIM = l cs, l = (2 mx my + c1) / (mx^2 + my^2 + c1), cs = (2 sxy + c2) / (sx^2 + sy^2 + c2), c = (K range)^2.
/// </summary>
public static class StructuralSimilarity
{
    internal const int Window = 7;

    /// <summary>SSIM averaged over the mask's pixels whose window lies inside the image; no mask stands for all of them. NaN when there is none.</summary>
    /// <param name="x">The image, row after row.</param>
    /// <param name="y">The truth, of the same size.</param>
    /// <param name="mask">Which pixels count.</param>
    /// <param name="width">Pixels in a row, at least 7, as there must be rows.</param>
    /// <param name="range">The largest value minus the smallest that the unit allows.</param>
    public static double Of(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<bool> mask, int width, double range) => Means(x, y, mask, width, range).Whole;

    /// <summary>The masked means of l cs and of cs alone.</summary>
    internal static (double Whole, double ContrastStructure) Means(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<bool> mask, int width, double range)
    {
        ImageErrors.Check(x, y, mask);
        if (width < Window || x.Length % width != 0 || x.Length / width < Window)
            throw new ArgumentException($"SSIM needs an image of at least {Window} x {Window} pixels.", nameof(width));
        var columns = new WindowSums[width];
        var (whole, contrastStructure, count) = (0.0, 0.0, 0L);
        const int margin = Window / 2;
        for (var top = 0; top + Window <= x.Length / width; top++)
        {
            SumColumns(x, y, columns, top);
            for (var left = 0; left + Window <= width; left++)
            {
                if (!mask.IsEmpty && !mask[(top + margin) * width + left + margin]) continue;
                var sums = default(WindowSums);
                foreach (var column in columns.AsSpan(left, Window)) sums += column;
                var (luminance, cs) = sums.Similarity(range);
                whole += luminance * cs;
                contrastStructure += cs;
                count++;
            }
        }
        return (whole / count, contrastStructure / count);
    }

    private static void SumColumns(ReadOnlySpan<float> x, ReadOnlySpan<float> y, WindowSums[] columns, int top)
    {
        Array.Clear(columns);
        for (var row = top; row < top + Window; row++)
            for (var column = 0; column < columns.Length; column++)
                columns[column] += WindowSums.Of(x[row * columns.Length + column], y[row * columns.Length + column]);
    }

    private readonly record struct WindowSums(double X, double Y, double XX, double YY, double XY)
    {
        public static WindowSums Of(double x, double y) => new(x, y, x * x, y * y, x * y);

        public static WindowSums operator +(in WindowSums a, in WindowSums b) => new(a.X + b.X, a.Y + b.Y, a.XX + b.XX, a.YY + b.YY, a.XY + b.XY);

        public (double Luminance, double ContrastStructure) Similarity(double range)
        {
            const double n = Window * Window;
            var (c1, c2) = (0.01 * range * (0.01 * range), 0.03 * range * (0.03 * range));
            var (meanX, meanY) = (X / n, Y / n);
            var variances = (XX - n * meanX * meanX + YY - n * meanY * meanY) / (n - 1);
            var covariance = (XY - n * meanX * meanY) / (n - 1);
            return ((2 * meanX * meanY + c1) / (meanX * meanX + meanY * meanY + c1), (2 * covariance + c2) / (variances + c2));
        }
    }
}
