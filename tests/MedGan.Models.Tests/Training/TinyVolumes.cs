using MedGan.Models.Training;
using MedGan.Models.Training.Volumes;

namespace MedGan.Models.Tests.Training;

/// <summary>Balls of 12 x 16 x 16 voxels whose inside is bright in the source and dark in the target.</summary>
internal static class TinyVolumes
{
    public const int Slices = 12, Size = 16;

    public static VolumeTranslationPlan Plan => new()
    {
        Method = "residual-unet-3d", ImageSize = Size, PatchSize = 8, PatchDepth = 4, GeneratorWidth = 4, Levels = 1, ResidualBlocks = 1, BatchSize = 2, LearningRate = 5e-3,
        MaxSteps = 6, CheckpointEverySteps = 2, SampleEverySteps = 3, Device = "cpu", Threads = 1, Seed = 5,
    };

    public static VolumePair[] Pairs { get; } = [.. Enumerable.Range(0, 4).Select(Ball)];

    private static VolumePair Ball(int seed)
    {
        var random = new SeededRandom(seed, stream: 78);
        var (x, y, z, radius) = (random.Uniform(6, 10), random.Uniform(6, 10), random.Uniform(5, 7), random.Uniform(4, 6));
        var (source, target) = (new float[Slices * Size * Size], new float[Slices * Size * Size]);
        for (var i = 0; i < source.Length; i++)
        {
            var distance = Math.Sqrt(Math.Pow(i % Size - x, 2) + Math.Pow(i / Size % Size - y, 2) + Math.Pow(i / Size / Size - z, 2));
            (source[i], target[i]) = distance > radius ? (-0.9f, -0.9f) : (0.8f, -0.3f);
            source[i] += (float)(0.02 * random.NextNormal());
        }
        return new VolumePair($"patient-{seed}", Slices, source, target);
    }
}
