using static TorchSharp.torch;

namespace MedGan.Models.Training.Volumes;

/// <summary>Batches of patches, one of each volume drawn, source and target at the same place, and a fingerprint of what they are made of.</summary>
internal sealed class VolumePatches
{
    private readonly VolumeTranslationPlan plan;
    private readonly IReadOnlyList<VolumePair> pairs;
    private readonly PatchCutter cutter;

    public VolumePatches(VolumeTranslationPlan plan, IReadOnlyList<VolumePair> pairs)
    {
        if (pairs.Count == 0) throw new ArgumentException("There is no pair of volumes to train on.", nameof(pairs));
        CheckSizes(plan, pairs);
        (this.plan, this.pairs) = (plan, pairs);
        Sampler = new BatchSampler(pairs.Count, plan.Seed, stream: 10);
        Random = new SeededRandom(plan.Seed, stream: 11);
        cutter = new PatchCutter(plan.ImageSize, plan.PatchSize, Random);
    }

    public BatchSampler Sampler { get; }

    /// <summary>Decides places and mirroring.</summary>
    public SeededRandom Random { get; }

    public static void CheckSizes(VolumeTranslationPlan plan, IReadOnlyList<VolumePair> pairs)
    {
        var area = plan.ImageSize * plan.ImageSize;
        foreach (var pair in pairs)
        {
            if (pair.Slices < plan.PatchDepth) throw new ArgumentException($"A volume of patient {pair.PatientId} has {pair.Slices} slices; the plan's patchDepth is {plan.PatchDepth}.", nameof(pairs));
            if (pair.Source.Length != pair.Slices * area || pair.Target.Length != pair.Slices * area)
                throw new ArgumentException($"A pair of patient {pair.PatientId} has {pair.Source.Length} and {pair.Target.Length} voxels; {pair.Slices} slices of {plan.ImageSize} x {plan.ImageSize} need {pair.Slices * area}.", nameof(pairs));
        }
    }

    /// <returns>[N,1,D,H,W] each.</returns>
    public (Tensor Source, Tensor Target) Next(Device device)
    {
        var (size, depth) = (plan.PatchSize, plan.PatchDepth);
        var length = depth * size * size;
        var (sources, targets) = (new float[plan.BatchSize * length], new float[plan.BatchSize * length]);
        foreach (var (i, index) in Sampler.Next(plan.BatchSize).Index())
        {
            var source = sources.AsSpan(i * length, length);
            var target = targets.AsSpan(i * length, length);
            var place = cutter.Place(pairs[index].Source, depth, source);
            cutter.Cut(pairs[index].Target, place, depth, target);
            if (!plan.AugmentFlip || Random.Next(2) == 0) continue;
            for (var row = 0; row < length; row += size)
            {
                source.Slice(row, size).Reverse();
                target.Slice(row, size).Reverse();
            }
        }
        long[] shape = [plan.BatchSize, 1, depth, size, size];
        return (tensor(sources, shape).to(device), tensor(targets, shape).to(device));
    }

    /// <summary>SHA-256 over patients and voxels, in order.</summary>
    public string Fingerprint() => TrainingImages.Fingerprint(pairs.Select(p => (p.PatientId, new[] { p.Source, p.Target })));
}
