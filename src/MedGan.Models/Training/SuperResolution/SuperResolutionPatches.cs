using MedGan.Models.Training.Degradation;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Training.SuperResolution;

/// <summary>
/// Pairs of coarse and fine patches. Whole images are degraded once, so that a patch's edges are not the image's; then patches are cut at the same place, turned and
/// mirrored alike, and the coarse one gets its noise.
/// </summary>
internal sealed class SuperResolutionPatches
{
    private const int Tries = 8;
    private const float LeastRange = 0.1f;

    private readonly SuperResolutionPlan plan;
    private readonly IReadOnlyList<TrainingImage> images;
    private readonly List<(float[] Fine, float[] Coarse)> pairs = [];
    private readonly int fineSize, coarseHeight, coarseWidth;

    /// <param name="plan">Checked.</param>
    /// <param name="images">Slices * ImageSize * ImageSize values each; through plane both their rows and their columns serve as the axis that was thick.</param>
    public SuperResolutionPatches(SuperResolutionPlan plan, IReadOnlyList<TrainingImage> images)
    {
        if (images.Count == 0) throw new ArgumentException("There is no training image.", nameof(images));
        (this.plan, this.images, fineSize) = (plan, images, plan.ImageSize);
        (coarseHeight, coarseWidth) = (fineSize / plan.Magnification.Rows, fineSize / plan.Magnification.Columns);
        foreach (var image in images)
        {
            if (image.Pixels.Length != plan.Slices * fineSize * fineSize)
                throw new ArgumentException($"An image has {image.Pixels.Length} pixels; the plan needs {plan.Slices} x {fineSize} x {fineSize}.", nameof(images));
            foreach (var fine in plan.Magnification.Columns == 1 ? (float[][])[image.Pixels, Transposed(image.Pixels)] : [image.Pixels])
                pairs.Add((fine, Coarse(fine)));
        }
        Sampler = new BatchSampler(pairs.Count, plan.Seed, stream: 40);
        Random = new SeededRandom(plan.Seed, stream: 41);
    }

    public BatchSampler Sampler { get; }

    /// <summary>Decides places, turns and noise.</summary>
    public SeededRandom Random { get; }

    /// <returns>[N,S,h,w] coarse, [N,1,H,W] fine.</returns>
    public (Tensor Coarse, Tensor Fine) Next(int batchSize, Device device)
    {
        using var scope = NewDisposeScope();
        var (times, size) = (plan.Magnification, plan.PatchSize);
        var (height, width) = (size / times.Rows, size / times.Columns);
        var (fine, coarse) = (new List<Tensor>(batchSize), new List<Tensor>(batchSize));
        foreach (var index in Sampler.Next(batchSize))
        {
            var (top, left) = Place(pairs[index].Coarse, height, width);
            var (flipRows, flipColumns, transpose) = (Random.Next(2) == 1, Random.Next(2) == 1, times.Rows == times.Columns && Random.Next(2) == 1);
            Tensor Cut(float[] source, int slices, int firstSlice, int sourceHeight, int sourceWidth, int t, int l, int h, int w)
            {
                var values = new float[slices * h * w];
                for (var s = 0; s < slices; s++)
                    for (var r = 0; r < h; r++)
                        source.AsSpan(((firstSlice + s) * sourceHeight + t + r) * sourceWidth + l, w).CopyTo(values.AsSpan((s * h + r) * w));
                var patch = tensor(values, [1, slices, h, w]);
                if (flipRows) patch = patch.flip(2);
                if (flipColumns) patch = patch.flip(3);
                return transpose ? patch.transpose(2, 3) : patch;
            }
            coarse.Add(Noisy(Cut(pairs[index].Coarse, plan.Slices, 0, coarseHeight, coarseWidth, top, left, height, width)));
            fine.Add(Cut(pairs[index].Fine, 1, plan.Slices / 2, fineSize, fineSize, top * times.Rows, left * times.Columns, size, size));
        }
        return (cat(coarse).contiguous().to(device).MoveToOuterDisposeScope(), cat(fine).contiguous().to(device).MoveToOuterDisposeScope());
    }

    /// <summary>A few whole images without noise, evenly spaced: coarse [1,S,h,w] and fine (the middle slice).</summary>
    public IReadOnlyList<(float[] Coarse, float[] Fine)> Spread(int count)
    {
        var n = Math.Min(count, images.Count);
        var step = pairs.Count / images.Count;
        var area = fineSize * fineSize;
        return [.. Enumerable.Range(0, n).Select(i => pairs[(int)((i + 0.5) * images.Count / n) * step]).Select(p => (p.Coarse, p.Fine[(plan.Slices / 2 * area)..((plan.Slices / 2 + 1) * area)]))];
    }

    /// <summary>Every image's middle slice.</summary>
    public IReadOnlyList<TrainingImage> MiddleSlices()
    {
        var area = fineSize * fineSize;
        return [.. images.Select(i => i with { Pixels = i.Pixels[(plan.Slices / 2 * area)..((plan.Slices / 2 + 1) * area)] })];
    }

    /// <summary>SHA-256 over patients and pixels, in order.</summary>
    public string Fingerprint() => TrainingImages.Fingerprint(images.Select(i => (i.PatientId, new[] { i.Pixels })));

    // a place that is not empty, where one is found soon
    private (int Top, int Left) Place(float[] coarse, int height, int width)
    {
        var place = (Top: 0, Left: 0);
        for (var i = 0; i < Tries; i++)
        {
            place = (Random.Next(coarseHeight - height + 1), Random.Next(coarseWidth - width + 1));
            var (low, high) = (float.MaxValue, float.MinValue);
            for (var row = 0; row < height; row++)
                foreach (var value in coarse.AsSpan((plan.Slices / 2 * coarseHeight + place.Top + row) * coarseWidth + place.Left, width))
                    (low, high) = (Math.Min(low, value), Math.Max(high, value));
            if (high - low >= LeastRange) break;
        }
        return place;
    }

    private Tensor Noisy(Tensor coarse)
    {
        if (plan.Noise == "none") return coarse;
        var level = Random.Uniform(0, plan.NoiseLevel);
        return plan.Noise == "rician" ? AcquisitionNoise.Rician(coarse, level, Random) : AcquisitionNoise.Gaussian(coarse, level, plan.NoiseCorrelation, Random);
    }

    private float[] Coarse(float[] fine)
    {
        using var scope = NewDisposeScope();
        return SuperResolutionNetworks.Coarse(plan, tensor(fine, [1, plan.Slices, fineSize, fineSize])).data<float>().ToArray();
    }

    private float[] Transposed(float[] image)
    {
        using var scope = NewDisposeScope();
        return tensor(image, [plan.Slices, fineSize, fineSize]).transpose(1, 2).contiguous().data<float>().ToArray();
    }
}
