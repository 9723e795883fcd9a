namespace MedGan.Models.Metrics;

/// <summary>
/// Multi-scale structural similarity (Wang, Simoncelli and Bovik, Asilomar 2003, equation 7): the product over scales of mean(cs)^w, at the coarsest of
/// mean(l cs)^w, each scale the mean of 2 x 2 pixels of the finer one. Windows and constants as in <see cref="StructuralSimilarity"/>; a negative mean counts as 0.
/// </summary>
public static class MultiScaleSimilarity
{
    private static readonly double[] Weights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

    /// <summary>Scales on which the window still fits into the image: 5 from 112 pixels per side on, 0 below 7.</summary>
    public static int Scales(int height, int width) => Weights.Index().Count(w => Math.Min(height, width) >> w.Index >= StructuralSimilarity.Window);

    /// <summary>
    /// In [0, 1], 1 for equal images. An image too small for all five scales is compared on the finer ones, their weights rescaled to the sum 1.
    /// NaN when a scale has no pixel in the mask (of a coarser one: where all four pixels are).
    /// </summary>
    /// <inheritdoc cref="StructuralSimilarity.Of"/>
    public static double Of(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<bool> mask, int width, double range)
    {
        ImageErrors.Check(x, y, mask);
        var scales = width < 1 || x.Length % width != 0 ? 0 : Scales(x.Length / width, width);
        if (scales == 0) throw new ArgumentException($"MS-SSIM needs an image of at least {StructuralSimilarity.Window} x {StructuralSimilarity.Window} pixels.", nameof(width));
        var total = Weights[..scales].Sum();
        var product = 1.0;
        for (var scale = 0; scale < scales; scale++)
        {
            var (whole, contrastStructure) = StructuralSimilarity.Means(x, y, mask, width, range);
            product *= Math.Pow(Math.Max(0, scale == scales - 1 ? whole : contrastStructure), Weights[scale] / total);
            if (scale == scales - 1) break;
            x = Halve(x, width, static (a, b, c, d) => (a + b + c + d) / 4);
            y = Halve(y, width, static (a, b, c, d) => (a + b + c + d) / 4);
            mask = Halve(mask, width, static (a, b, c, d) => a && b && c && d);
            width /= 2;
        }
        return product;
    }

    // an odd last row or column is left out
    private static T[] Halve<T>(ReadOnlySpan<T> image, int width, Func<T, T, T, T, T> join)
    {
        var halved = new T[image.Length / width / 2 * (width / 2)];
        for (var i = 0; i < halved.Length; i++)
        {
            var at = i / (width / 2) * 2 * width + i % (width / 2) * 2;
            halved[i] = join(image[at], image[at + 1], image[at + width], image[at + width + 1]);
        }
        return halved;
    }
}
