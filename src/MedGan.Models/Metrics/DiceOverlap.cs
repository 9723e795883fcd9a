namespace MedGan.Models.Metrics;

/// <summary>Overlap of two regions (Dice 1945): 2 |A and B| / (|A| + |B|).</summary>
public static class DiceOverlap
{
    /// <summary>
    /// Dice of the pixels above a threshold (bone in CT: 200 HU) in the image and in the truth, inside the mask; no mask stands for the whole image.
    /// In [0, 1]; NaN where neither has such a pixel.
    /// </summary>
    public static double Above(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<bool> mask, double threshold)
    {
        ImageErrors.Check(x, y, mask);
        long both = 0, sizes = 0;
        for (var i = 0; i < x.Length; i++)
        {
            if (!mask.IsEmpty && !mask[i]) continue;
            var (inX, inY) = (x[i] > threshold, y[i] > threshold);
            if (inX && inY) both++;
            if (inX) sizes++;
            if (inY) sizes++;
        }
        return 2.0 * both / sizes;
    }
}
