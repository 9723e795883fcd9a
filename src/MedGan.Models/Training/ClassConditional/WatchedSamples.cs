using MedGan.Models.Metrics;

namespace MedGan.Models.Training;

/// <summary>
/// What the trainer's watch is told of a generator's samples, the same latents every time: their diversity, 1 - the mean MS-SSIM of neighbouring samples of a class, which falls to 0 when the generator makes one
/// image only; and their similarity to the training images, the mean over samples of the MS-SSIM with the training image that is nearest on 16 x 16 pixels, which rises to 1 when it repeats them.
/// </summary>
internal sealed class WatchedSamples
{
    /// <summary>Steps between two measurements.</summary>
    public const int EverySteps = 200;

    private const int CoarseSize = 16, MostCompared = 2000;

    private readonly int size;
    private readonly float[][] training, coarse; // the middle channel

    /// <param name="images">Training images; of more than 2000 every k-th.</param>
    /// <param name="plan">Channels and size.</param>
    public WatchedSamples(IReadOnlyList<ClassImage> images, ClassConditionalPlan plan)
    {
        size = plan.ImageSize;
        var (area, stride) = (size * size, (images.Count + MostCompared - 1) / MostCompared);
        training = [.. Enumerable.Range(0, (images.Count + stride - 1) / stride).Select(i => images[i * stride].Pixels.AsSpan(plan.Channels / 2 * area, area).ToArray())];
        coarse = [.. training.Select(Coarse)];
    }

    /// <summary>As measured last; null before. A checkpoint keeps it.</summary>
    public WatchedFigures? Last { get; set; }

    /// <param name="sheet">One class in each row.</param>
    public void Measure(SampleSheet sheet)
    {
        var neighbours = Enumerable.Range(1, sheet.Images.Count - 1).Where(i => i % sheet.Columns > 0).Select(i => Similarity(sheet.Images[i - 1], sheet.Images[i]));
        Last = new(1 - neighbours.Average(), sheet.Images.Average(image => Similarity(image, training[Nearest(Coarse(image))])));
    }

    private double Similarity(float[] one, float[] other) => MultiScaleSimilarity.Of(one, other, [], size, range: 2);

    private int Nearest(float[] image) =>
        Enumerable.Range(0, coarse.Length).MinBy(i =>
        {
            var sum = 0f;
            for (var p = 0; p < image.Length; p++) sum += (coarse[i][p] - image[p]) * (coarse[i][p] - image[p]);
            return sum;
        });

    private float[] Coarse(float[] image)
    {
        var (result, factor) = (new float[CoarseSize * CoarseSize], size / CoarseSize);
        for (var i = 0; i < image.Length; i++) result[i / size / factor * CoarseSize + i % size / factor] += image[i] / (factor * factor);
        return result;
    }
}

/// <param name="Diversity">0 .. 1.</param>
/// <param name="TrainingSimilarity">0 .. 1.</param>
internal sealed record WatchedFigures(double Diversity, double TrainingSimilarity);
