namespace MedGan.Models.Metrics;

/// <summary>
/// A small set of hand-made image features, in the manner of the Image Biomarker Standardisation Initiative (1612.07003): seven of the grey values, six of the
/// bright region's shape and place, six of the texture. No network is involved, so each says what it means. Not filtered, not resampled: textures of
/// images of different pixel sizes do not compare.
/// </summary>
public static class RadiomicFeatures
{
    /// <summary>In the order of the values.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. FirstOrderFeatures.Names, .. BrightRegionFeatures.Names, .. CooccurrenceFeatures.Names];

    /// <param name="image">Values in [-1, 1]; those beyond count as the bound. The mask says which pixels count.</param>
    /// <param name="brightAbove">Where the bright region begins, in [-1, 1]; null for Otsu's threshold of each image.</param>
    /// <returns>A value for each of <see cref="Names"/>, all finite.</returns>
    public static float[] Of(GreyImage image, double? brightAbove = null)
    {
        image.Check();
        var shares = image.Pixels.Select(v => Math.Clamp((v + 1.0) / 2, 0, 1)).ToArray();
        var mask = image.Mask ?? [.. Enumerable.Repeat(true, shares.Length)];
        if (!mask.Contains(true)) throw new ArgumentException("The mask holds no pixel.", nameof(image));
        var inside = shares.Where((_, i) => mask[i]).ToArray();
        var threshold = brightAbove is { } given ? (given + 1) / 2 : OtsuThreshold.Of(inside);
        double[] values =
        [
            .. FirstOrderFeatures.Of(inside),
            .. BrightRegionFeatures.Of([.. shares.Select((v, i) => mask[i] && v > threshold)], image.Height, image.Width),
            .. CooccurrenceFeatures.Of(shares, mask, image.Width),
        ];
        return [.. values.Select(v => (float)v)];
    }

    /// <summary>Each feature less its mean over the real images, divided by its standard deviation over them (by 1 where that is 0).</summary>
    public static (float[][] Real, float[][] Generated) Standardised(IReadOnlyList<float[]> real, IReadOnlyList<float[]> generated)
    {
        FeatureSets.Check(real, generated, atLeast: 2);
        var means = real[0].Select((_, d) => real.Average(f => (double)f[d])).ToArray();
        var deviations = means.Select((mean, d) => Math.Sqrt(real.Sum(f => (f[d] - mean) * (f[d] - mean)) / (real.Count - 1))).ToArray();
        float[][] Scale(IReadOnlyList<float[]> features) =>
            [.. features.Select(f => f.Select((v, d) => (float)((v - means[d]) / (deviations[d] > 1e-9 * Math.Max(1, Math.Abs(means[d])) ? deviations[d] : 1))).ToArray())];
        return (Scale(real), Scale(generated));
    }
}
