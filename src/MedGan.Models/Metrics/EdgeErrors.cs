namespace MedGan.Models.Metrics;

/// <summary>
/// How well an image keeps the edges of another, from the magnitudes of their Sobel gradients: g = sqrt(gx^2 + gy^2), gx = [1 2 1]'/4 * [-1 0 1]/2,
/// in the image's unit per pixel; outside, the nearest edge's value goes on.
/// </summary>
public static class EdgeErrors
{
    /// <summary>Mean absolute difference of the gradients' magnitudes over the mask, in the images' unit per pixel. No mask stands for the whole image.</summary>
    public static double GradientMae(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<bool> mask, int width)
    {
        ImageErrors.Check(x, y, mask);
        return ImageErrors.Mae(GradientMagnitude(x, width), GradientMagnitude(y, width), mask);
    }

    /// <summary>
    /// Pearson's correlation of the gradients' magnitudes over the mask, in [-1, 1]: blind to contrast and to its sign, so that images of two modalities can be
    /// compared. NaN where an image has no edge at all.
    /// </summary>
    public static double Correlation(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<bool> mask, int width)
    {
        ImageErrors.Check(x, y, mask);
        var (a, b) = (GradientMagnitude(x, width), GradientMagnitude(y, width));
        double n = 0, meanA = 0, meanB = 0, aa = 0, bb = 0, ab = 0; // Welford's update: stable for any offset
        for (var i = 0; i < a.Length; i++)
        {
            if (!mask.IsEmpty && !mask[i]) continue;
            n++;
            var (fromA, fromB) = (a[i] - meanA, b[i] - meanB);
            meanA += fromA / n;
            meanB += fromB / n;
            aa += fromA * (a[i] - meanA);
            bb += fromB * (b[i] - meanB);
            ab += fromA * (b[i] - meanB);
        }
        return ab / Math.Sqrt(aa * bb);
    }

    /// <returns>As many values as pixels, at least 0.</returns>
    public static float[] GradientMagnitude(ReadOnlySpan<float> image, int width)
    {
        if (width < 1 || image.Length % width != 0) throw new ArgumentException($"{image.Length} pixels are not rows of {width}.", nameof(width));
        var height = image.Length / width;
        var magnitudes = new float[image.Length];
        for (var row = 0; row < height; row++)
        {
            var above = image.Slice(Math.Max(row - 1, 0) * width, width);
            var here = image.Slice(row * width, width);
            var below = image.Slice(Math.Min(row + 1, height - 1) * width, width);
            for (var column = 0; column < width; column++)
            {
                var (left, right) = (Math.Max(column - 1, 0), Math.Min(column + 1, width - 1));
                var along = (double)above[right] + 2.0 * here[right] + below[right] - above[left] - 2.0 * here[left] - below[left];
                var down = (double)below[left] + 2.0 * below[column] + below[right] - above[left] - 2.0 * above[column] - above[right];
                magnitudes[row * width + column] = (float)(double.Hypot(along, down) / 8);
            }
        }
        return magnitudes;
    }
}
