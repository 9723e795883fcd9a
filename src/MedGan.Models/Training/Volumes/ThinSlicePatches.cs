using static TorchSharp.torch;

namespace MedGan.Models.Training.Volumes;

/// <summary>Pairs of patches of thick and of thin slices at the same place. Whole volumes are degraded once, so that a patch's ends are not the volume's.</summary>
internal sealed class ThinSlicePatches
{
    private readonly VolumeSuperResolutionPlan plan;
    private readonly IReadOnlyList<TrainingVolume> volumes;
    private readonly float[][] thick;
    private readonly PatchCutter cutter;

    public ThinSlicePatches(VolumeSuperResolutionPlan plan, IReadOnlyList<TrainingVolume> volumes)
    {
        if (volumes.Count == 0) throw new ArgumentException("There is no volume to train on.", nameof(volumes));
        (this.plan, this.volumes) = (plan, volumes);
        foreach (var volume in volumes) Check(plan, volume);
        thick = [.. volumes.Select(v => Thick(plan, v))];
        Sampler = new BatchSampler(volumes.Count, plan.Seed, stream: 40);
        Random = new SeededRandom(plan.Seed, stream: 41);
        cutter = new PatchCutter(plan.ImageSize, plan.PatchSize, Random);
    }

    public BatchSampler Sampler { get; }

    /// <summary>Decides places and mirroring.</summary>
    public SeededRandom Random { get; }

    /// <summary>Thin slices that are used: the last ones that make no whole thick slice are not.</summary>
    public static int Used(VolumeSuperResolutionPlan plan, TrainingVolume volume) => volume.Slices / plan.Factor * plan.Factor;

    /// <exception cref="ArgumentException">The volume is of another size, or has too few slices.</exception>
    public static void Check(VolumeSuperResolutionPlan plan, TrainingVolume volume)
    {
        if (volume.Voxels.Length != volume.Slices * plan.ImageSize * plan.ImageSize)
            throw new ArgumentException($"A volume of patient {volume.PatientId} has {volume.Voxels.Length} voxels; {volume.Slices} slices of {plan.ImageSize} x {plan.ImageSize} are {volume.Slices * plan.ImageSize * plan.ImageSize}.", nameof(volume));
        if (volume.Slices < plan.PatchDepth * plan.Factor)
            throw new ArgumentException($"A volume of patient {volume.PatientId} has {volume.Slices} slices; patches of {plan.PatchDepth} thick ones need {plan.PatchDepth * plan.Factor}.", nameof(volume));
    }

    /// <summary>What the plan's degradation leaves of a volume: d * H * W values.</summary>
    public static float[] Thick(VolumeSuperResolutionPlan plan, TrainingVolume volume)
    {
        using var scope = NewDisposeScope();
        var (slices, size) = (Used(plan, volume), plan.ImageSize);
        return ThickSlices.Of(plan, tensor(volume.Voxels[..(slices * size * size)], [slices, size, size])).data<float>().ToArray();
    }

    /// <returns>[N,1,d,H,W] thick, [N,1,D,H,W] thin.</returns>
    public (Tensor Thick, Tensor Thin) Next(Device device)
    {
        var (size, depth, factor) = (plan.PatchSize, plan.PatchDepth, plan.Factor);
        var (coarse, fine) = (new float[plan.BatchSize * depth * size * size], new float[plan.BatchSize * factor * depth * size * size]);
        foreach (var (i, index) in Sampler.Next(plan.BatchSize).Index())
        {
            var into = coarse.AsSpan(i * depth * size * size, depth * size * size);
            var place = cutter.Place(thick[index], depth, into);
            var thin = fine.AsSpan(i * factor * depth * size * size, factor * depth * size * size);
            cutter.Cut(volumes[index].Voxels, place with { Slice = place.Slice * factor }, factor * depth, thin);
            Mirror(into, thin);
        }
        return (tensor(coarse, [plan.BatchSize, 1, depth, size, size]).to(device), tensor(fine, [plan.BatchSize, 1, factor * depth, size, size]).to(device));
    }

    /// <summary>SHA-256 over patients and voxels, in order.</summary>
    public string Fingerprint() => TrainingImages.Fingerprint(volumes.Select(v => (v.PatientId, new[] { v.Voxels })));

    // any of the eight mirrorings: thickness has no side
    private void Mirror(Span<float> coarse, Span<float> fine)
    {
        var (slices, rows, columns) = (Random.Next(2) == 1, Random.Next(2) == 1, Random.Next(2) == 1);
        Mirror(coarse, slices, rows, columns);
        Mirror(fine, slices, rows, columns);
    }

    private void Mirror(Span<float> patch, bool slices, bool rows, bool columns)
    {
        var (size, area, from) = (plan.PatchSize, plan.PatchSize * plan.PatchSize, patch.ToArray());
        var depth = patch.Length / area;
        for (var i = 0; i < patch.Length; i++)
        {
            var (z, y, x) = (i / area, i / size % size, i % size);
            patch[i] = from[((slices ? depth - 1 - z : z) * size + (rows ? size - 1 - y : y)) * size + (columns ? size - 1 - x : x)];
        }
    }
}
