using static TorchSharp.torch;

namespace MedGan.Models.Training.Contrastive;

/// <summary>One domain's images, of one or several neighbouring slices: shuffled, moved, and a fingerprint of what they are made of.</summary>
internal sealed class SliceBatches
{
    private readonly IReadOnlyList<TrainingImage> images;
    private readonly int size, slices;
    private readonly Augmentation augmentation;

    /// <param name="domain">For messages.</param>
    /// <param name="images">slices * size * size values each.</param>
    /// <param name="slices">Channels.</param>
    /// <param name="plan">Size, augmentation, seed.</param>
    /// <param name="stream">Of the seed.</param>
    public SliceBatches(string domain, IReadOnlyList<TrainingImage> images, int slices, ContrastiveTranslationPlan plan, int stream)
    {
        if (images.Count == 0) throw new ArgumentException($"There is no training image of the {domain} domain.", nameof(images));
        (this.images, size, this.slices) = (images, plan.ImageSize, slices);
        CheckSizes(domain, images, slices, size);
        augmentation = plan.Augmentation;
        Sampler = new BatchSampler(images.Count, plan.Seed, stream);
        Random = new SeededRandom(plan.Seed, stream + 1);
    }

    public BatchSampler Sampler { get; }

    /// <summary>Decides the augmentation.</summary>
    public SeededRandom Random { get; }

    /// <returns>[N,slices,H,W].</returns>
    public Tensor Next(int count, Device device)
    {
        var area = size * size;
        var values = new float[count * slices * area];
        foreach (var (i, index) in Sampler.Next(count).Index())
        {
            var motion = augmentation.Draw(size, Random);
            for (var c = 0; c < slices; c++) motion.Apply(images[index].Pixels.AsSpan(c * area, area), values.AsSpan((i * slices + c) * area, area), size);
        }
        return tensor(values, [count, slices, size, size]).to(device);
    }

    public static void CheckSizes(string domain, IReadOnlyList<TrainingImage> images, int slices, int size)
    {
        foreach (var image in images)
            if (image.Pixels.Length != slices * size * size)
                throw new ArgumentException($"An image of patient {image.PatientId} in the {domain} domain has {image.Pixels.Length} pixels; the plan's {slices} x {size} x {size} need {slices * size * size}.", nameof(images));
    }

    /// <summary>SHA-256 over patients and pixels, in order.</summary>
    public string Fingerprint() => TrainingImages.Fingerprint(images.Select(i => (i.PatientId, new[] { i.Pixels })));
}
