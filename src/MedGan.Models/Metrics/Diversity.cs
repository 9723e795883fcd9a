using MedGan.Models.Training;

namespace MedGan.Models.Metrics;

/// <summary>How alike images of one set are: the mean MS-SSIM of random pairs (Odena et al., 1610.09585, section 4.2). Near 1, a generator makes one image again and again.</summary>
public static class Diversity
{
    /// <param name="images">At least 2, all of one size, of at least 7 x 7 pixels.</param>
    /// <param name="range">The largest value minus the smallest that the unit allows.</param>
    /// <param name="pairs">How many pairs of different images are drawn; all of them, each once, if there are not more.</param>
    /// <param name="seed">Decides the pairs.</param>
    /// <returns>Of each pair: which two images, and their MS-SSIM. Compare the mean with the real images' own.</returns>
    public static IReadOnlyList<(int First, int Second, double Similarity)> Of(IReadOnlyList<GreyImage> images, double range, int pairs, long seed)
    {
        if (images.Count < 2) throw new ArgumentException("Diversity needs at least two images.", nameof(images));
        if (images.Any(i => i.Width != images[0].Width || i.Height != images[0].Height)) throw new ArgumentException("Diversity needs images of one size.", nameof(images));
        var drawn = Pairs(images.Count, pairs, new SeededRandom(seed, stream: 42));
        var similarities = new (int, int, double)[drawn.Length];
        Parallel.For(0, drawn.Length, i =>
        {
            var (one, other) = drawn[i];
            similarities[i] = (one, other, MultiScaleSimilarity.Of(images[one].Pixels, images[other].Pixels, [], images[one].Width, range));
        });
        return similarities;
    }

    private static (int, int)[] Pairs(int count, int pairs, SeededRandom random)
    {
        if ((long)count * (count - 1) / 2 <= pairs) return [.. from i in Enumerable.Range(0, count) from j in Enumerable.Range(i + 1, count - i - 1) select (i, j)];
        var drawn = new HashSet<(int, int)>();
        while (drawn.Count < pairs)
        {
            var (one, other) = (random.Next(count), random.Next(count));
            if (one != other) drawn.Add((Math.Min(one, other), Math.Max(one, other)));
        }
        return [.. drawn.Order()];
    }
}
