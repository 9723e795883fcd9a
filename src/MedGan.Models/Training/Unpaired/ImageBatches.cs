using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>One domain's training images: shuffled, augmented batches, and a fingerprint of what they are made of.</summary>
internal sealed class ImageBatches
{
    private readonly IReadOnlyList<TrainingImage> images;
    private readonly int size, channels;
    private readonly Augmentation augmentation;

    public ImageBatches(string domain, IReadOnlyList<TrainingImage> images, CycleGanPlan plan, int stream)
    {
        if (images.Count == 0) throw new ArgumentException($"There is no training image of domain {domain}.", nameof(images));
        this.images = images;
        (size, channels) = (plan.ImageSize, plan.InputChannels);
        foreach (var image in images)
            if (image.Pixels.Length != size * size)
                throw new ArgumentException($"An image of domain {domain} has {image.Pixels.Length} pixels; the plan's imageSize {size} needs {size * size}.", nameof(images));
        augmentation = new Augmentation(plan.AugmentShift, plan.AugmentRotationDegrees, plan.AugmentScale, plan.AugmentFlip);
        Sampler = new BatchSampler(images.Count, plan.Seed, stream);
        Random = new SeededRandom(plan.Seed, stream + 1);
    }

    public BatchSampler Sampler { get; }

    /// <summary>Decides the augmentation.</summary>
    public SeededRandom Random { get; }

    /// <param name="batchSize">Images drawn.</param>
    /// <param name="device">Where they shall lie.</param>
    /// <param name="rank">Which part of the batch to make; the rest is drawn and passed over, so that all ranks stay in step.</param>
    /// <param name="parts">Equal parts that the batch has.</param>
    /// <returns>[N / parts,C,H,W] on the device: images, and the depth below their outlines where the plan has it.</returns>
    public Tensor Next(int batchSize, Device device, int rank = 0, int parts = 1)
    {
        var augmented = new List<float[]>(batchSize / parts);
        foreach (var (i, index) in Sampler.Next(batchSize).Index())
        {
            if (i / (batchSize / parts) != rank)
            {
                augmentation.Skip(Random);
                continue;
            }
            var image = new float[size * size];
            augmentation.Apply(images[index].Pixels, image, size, Random);
            augmented.Add(image);
        }
        return Stack(augmented, size, channels).to(device);
    }

    /// <summary>Images as the networks take them, on the CPU.</summary>
    /// <returns>[N,C,H,W]; of two channels the second is <see cref="OutlineDepth"/>.</returns>
    public static Tensor Stack(IReadOnlyList<float[]> images, int size, int channels)
    {
        var area = size * size;
        var values = new float[images.Count * channels * area];
        foreach (var (i, image) in images.Index())
        {
            image.CopyTo(values, i * channels * area);
            if (channels > 1) OutlineDepth.Of(image, values.AsSpan((i * channels + 1) * area, area), size);
        }
        return tensor(values, [images.Count, channels, size, size]);
    }

    /// <summary>A few images, evenly spaced.</summary>
    public float[][] Spread(int count) => [.. TrainingImages.Spread(images, count).Select(i => i.Pixels)];

    /// <summary>SHA-256 over patients and pixels, in order.</summary>
    public string Fingerprint() => TrainingImages.Fingerprint(images.Select(i => (i.PatientId, new[] { i.Pixels })));
}
