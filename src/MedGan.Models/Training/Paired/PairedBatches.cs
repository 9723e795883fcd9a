using static TorchSharp.torch;

namespace MedGan.Models.Training.Paired;

/// <summary>Shuffled batches of pairs, both images of a pair moved alike, and a fingerprint of what they are made of.</summary>
internal sealed class PairedBatches
{
    private readonly IReadOnlyList<PairedImage> pairs;
    private readonly PairedTranslationPlan plan;
    private readonly Augmentation augmentation;

    public PairedBatches(IReadOnlyList<PairedImage> pairs, PairedTranslationPlan plan)
    {
        if (pairs.Count == 0) throw new ArgumentException("There is no pair to train on.", nameof(pairs));
        CheckSizes(pairs, plan);
        (this.pairs, this.plan) = (pairs, plan);
        augmentation = plan.Augmentation;
        Sampler = new BatchSampler(pairs.Count, plan.Seed, stream: 10);
        Random = new SeededRandom(plan.Seed, stream: 11);
    }

    public BatchSampler Sampler { get; }

    /// <summary>Decides the augmentation.</summary>
    public SeededRandom Random { get; }

    /// <returns>[N,C,H,W] and [N,1,H,W].</returns>
    public (Tensor Source, Tensor Target) Next(Device device)
    {
        var (size, area) = (plan.ImageSize, plan.ImageSize * plan.ImageSize);
        var (sources, targets) = (new float[plan.BatchSize * plan.Slices * area], new float[plan.BatchSize * area]);
        foreach (var (i, index) in Sampler.Next(plan.BatchSize).Index())
        {
            var motion = augmentation.Draw(size, Random);
            var (gamma, gain, offset) = (Math.Exp(Change()), 1 + Change(), Change());
            for (var c = 0; c < plan.Slices; c++)
            {
                var moved = sources.AsSpan((i * plan.Slices + c) * area, area);
                motion.Apply(pairs[index].Source.AsSpan(c * area, area), moved, size);
                if (plan.AugmentIntensity > 0) Recolour(moved, gamma, gain, offset);
            }
            motion.Apply(pairs[index].Target, targets.AsSpan(i * area, area), size);
        }
        return (tensor(sources, [plan.BatchSize, plan.Slices, size, size]).to(device), tensor(targets, [plan.BatchSize, 1, size, size]).to(device));
    }

    /// <returns>[N,C,H,W] on the CPU, unchanged.</returns>
    public static Tensor Sources(IReadOnlyList<float[]> sources, int size) => tensor(sources.SelectMany(s => s).ToArray(), [sources.Count, sources[0].Length / (size * size), size, size]);

    public static void CheckSizes(IReadOnlyList<PairedImage> pairs, PairedTranslationPlan plan)
    {
        var area = plan.ImageSize * plan.ImageSize;
        foreach (var pair in pairs)
            if (pair.Source.Length != plan.Slices * area || pair.Target.Length != area)
                throw new ArgumentException($"A pair of patient {pair.PatientId} has {pair.Source.Length} and {pair.Target.Length} pixels; the plan's {plan.Slices} slices of {plan.ImageSize} x {plan.ImageSize} need {plan.Slices * area} and {area}.", nameof(pairs));
    }

    /// <summary>SHA-256 over patients and pixels, in order.</summary>
    public string Fingerprint() => TrainingImages.Fingerprint(pairs.Select(p => (p.PatientId, new[] { p.Source, p.Target })));

    private double Change() => Random.Uniform(-plan.AugmentIntensity, plan.AugmentIntensity);

    // in [0, 1]: gain * v^gamma, a little lifted in proportion, so that air stays air
    private static void Recolour(Span<float> image, double gamma, double gain, double offset)
    {
        foreach (ref var value in image)
        {
            var v = Math.Pow(Math.Clamp((value + 1) / 2, 0, 1), gamma);
            value = (float)Math.Clamp(2 * (gain * v + 0.5 * offset * v * (1 - v)) - 1, -1, 1);
        }
    }
}
