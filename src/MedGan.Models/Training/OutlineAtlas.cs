using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>
/// What the two domains' training images show at each depth below the body's outline, as the quantiles of their pixels over all images: a population
/// prior from which no image and no patient can be read. From it follows what a pixel of one domain most likely is in the other, without any pair:
/// at each depth the two distributions are matched rank for rank in opposite order (the optimal transport of one-dimensional distributions,
/// Villani 2003, section 2.2, for a falling map), because near the skull they run opposite: dense bone gives no MR signal, fat the most. The answer is
/// a mixture of that and of the target's median, which holds where the order does not; deep inside, the median weighs more
/// (docs/results-translation.md has the sweep).
/// </summary>
public sealed class OutlineAtlas
{
    private const int Depths = 65, Quantiles = 65;
    private const float Deep = 0.8f; // 26 mm below the outline: within it lie scalp and skull, beyond it dark MR is fluid rather than bone
    private const float SkullShare = 0.75f, DeepShare = 0.25f;

    private readonly int size;
    private readonly float[][] quantilesA, quantilesB; // [depth][quantile], rising

    /// <param name="a">Domain A's images, size * size values each, in [-1, 1].</param>
    /// <param name="b">Domain B's.</param>
    /// <param name="size">Pixels per side.</param>
    public OutlineAtlas(IEnumerable<float[]> a, IEnumerable<float[]> b, int size)
    {
        this.size = size;
        (quantilesA, quantilesB) = (QuantilesByDepth(a), QuantilesByDepth(b));
    }

    /// <param name="a">[N,2,H,W]: images of A and their <see cref="OutlineDepth"/>.</param>
    /// <returns>[N,1,H,W]: what B most likely shows there.</returns>
    public Tensor AToB(Tensor a) => Expected(a, quantilesA, quantilesB);

    /// <param name="b">[N,2,H,W]: images of B and their <see cref="OutlineDepth"/>.</param>
    /// <returns>[N,1,H,W]: what A most likely shows there.</returns>
    public Tensor BToA(Tensor b) => Expected(b, quantilesB, quantilesA);

    private Tensor Expected(Tensor images, float[][] source, float[][] target)
    {
        var (count, area) = ((int)images.shape[0], size * size);
        using var onCpu = images.cpu();
        var values = onCpu.data<float>().ToArray();
        var expected = new float[count * area];
        for (var n = 0; n < count; n++)
            for (var i = 0; i < area; i++)
            {
                var (value, depth) = (values[2 * n * area + i], values[(2 * n + 1) * area + i]);
                var bin = Bin(depth);
                var opposite = At(target[bin], 1 - Rank(source[bin], value));
                var share = depth < Deep ? SkullShare : DeepShare;
                expected[n * area + i] = share * opposite + (1 - share) * target[bin][Quantiles / 2];
            }
        using var made = tensor(expected, [count, 1, size, size]);
        return made.to(images.device, copy: true);
    }

    private static int Bin(float depth) => (int)Math.Round((depth + 1) * ((Depths - 1) / 2.0));

    // the share of the distribution below the value, 0 .. 1; in the middle of equal quantiles
    private static double Rank(float[] quantiles, float value)
    {
        int below = 0, upTo = 0;
        foreach (var quantile in quantiles)
        {
            if (quantile < value) below++;
            if (quantile <= value) upTo++;
        }
        return Math.Clamp((below + upTo - 1) / 2.0 / (Quantiles - 1), 0, 1);
    }

    private static float At(float[] quantiles, double share)
    {
        var at = share * (Quantiles - 1);
        var lower = Math.Min((int)at, Quantiles - 2);
        return (float)(quantiles[lower] + (at - lower) * (quantiles[lower + 1] - quantiles[lower]));
    }

    // a depth that no image has takes the quantiles of the next one outwards; outside everything is air
    private float[][] QuantilesByDepth(IEnumerable<float[]> images)
    {
        var seen = Enumerable.Range(0, Depths).Select(_ => new List<float>()).ToArray();
        var depth = new float[size * size];
        foreach (var image in images)
        {
            OutlineDepth.Of(image, depth, size);
            for (var i = 0; i < depth.Length; i++) seen[Bin(depth[i])].Add(image[i]);
        }
        var result = new float[Depths][];
        for (var d = 0; d < Depths; d++)
        {
            var values = seen[d];
            values.Sort();
            result[d] = values.Count > 0 ? [.. Enumerable.Range(0, Quantiles).Select(q => values[(int)((long)q * (values.Count - 1) / (Quantiles - 1))])]
                : d > 0 ? result[d - 1] : [.. Enumerable.Repeat(-1f, Quantiles)];
        }
        return result;
    }
}
