namespace MedGan.Models.Sampling;

/// <summary>
/// A volume in patches that overlap: each voxel is the mean of what its patches say of it, weighed by how far inside of each it lies. Where two patches overlap, one fades into the other linearly; there is
/// no seam (as Isensee et al., 1809.10486, section 2.4, with a ramp in the place of a Gaussian).
/// </summary>
internal static class SlidingWindow
{
    /// <summary>The first voxels of patches along an axis: evenly spread, each overlapping the next by at least <paramref name="overlap"/> voxels; a single one where the axis is not longer than a patch.</summary>
    public static int[] Starts(int length, int patch, int overlap)
    {
        if (length <= patch) return [0];
        var steps = (length - patch + patch - overlap - 1) / (patch - overlap);
        return [.. Enumerable.Range(0, steps + 1).Select(i => (int)((long)i * (length - patch) / steps))];
    }

    /// <summary>A patch's weights along an axis: up to 1 over the overlap, and down again.</summary>
    public static float[] Weights(int patch, int overlap)
    {
        var ramp = Math.Clamp(overlap, 1, patch / 2);
        return [.. Enumerable.Range(0, patch).Select(i => Math.Min(1, (Math.Min(i, patch - 1 - i) + 0.5f) / ramp))];
    }

    /// <param name="volume">depth * size * size values.</param>
    /// <param name="depth">Slices.</param>
    /// <param name="size">Rows and columns.</param>
    /// <param name="patchDepth">Slices of a patch; where the volume has fewer, its last slice is repeated.</param>
    /// <param name="patchSize">Rows and columns of a patch, at most size.</param>
    /// <param name="overlap">Share of a patch, 0 .. 0.75.</param>
    /// <param name="translate">From patchDepth * patchSize * patchSize values to as many.</param>
    public static float[] Blend(float[] volume, int depth, int size, int patchDepth, int patchSize, double overlap, Func<float[], float[]> translate) =>
        Blend(volume, depth, size, size, patchDepth, patchSize, overlap, factor: 1, translate);

    /// <param name="volume">depth * rows * columns values.</param>
    /// <param name="depth">Slices.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="patchDepth">Slices of a patch; where the volume has fewer, its last slice is repeated.</param>
    /// <param name="patchSize">Rows and columns of a patch, at most those of the volume.</param>
    /// <param name="overlap">Share of a patch, 0 .. 0.75.</param>
    /// <param name="factor">How many slices one becomes.</param>
    /// <param name="translate">From patchDepth * patchSize * patchSize values to factor times as many.</param>
    /// <returns>factor * depth slices.</returns>
    public static float[] Blend(float[] volume, int depth, int rows, int columns, int patchDepth, int patchSize, double overlap, int factor, Func<float[], float[]> translate)
    {
        var (across, deep) = ((int)(overlap * patchSize), (int)(overlap * patchDepth));
        var (weights, weightsDeep) = (Weights(patchSize, across), Weights(factor * patchDepth, factor * deep));
        var (sums, shares) = (new double[factor * volume.Length], new double[factor * volume.Length]);
        foreach (var slice in Starts(depth, patchDepth, deep))
            foreach (var row in Starts(rows, patchSize, across))
                foreach (var column in Starts(columns, patchSize, across))
                {
                    var patch = new float[patchDepth * patchSize * patchSize];
                    void Lines(int times, Action<int, int, double> act) // (first voxel in the volume of so many times more slices, in the patch, weight of the line)
                    {
                        for (var z = 0; z < times * patchDepth; z++)
                            for (var y = 0; y < patchSize; y++)
                                act((Math.Min(times * slice + z, times * depth - 1) * rows + row + y) * columns + column, (z * patchSize + y) * patchSize, times * slice + z < times * depth ? weightsDeep[z] * weights[y] : 0);
                    }
                    Lines(1, (at, to, _) => volume.AsSpan(at, patchSize).CopyTo(patch.AsSpan(to)));
                    var made = translate(patch);
                    Lines(factor, (at, from, weight) =>
                    {
                        for (var x = 0; x < patchSize; x++)
                        {
                            var share = weight * weights[x];
                            sums[at + x] += share * made[from + x];
                            shares[at + x] += share;
                        }
                    });
                }
        return [.. sums.Zip(shares, (sum, share) => (float)(sum / share))];
    }
}
