using MedGan.Models.Training;
using MedGan.Models.Training.SuperResolution;

namespace MedGan.Models.Tests.Training.SuperResolution;

/// <summary>Images of 32 x 32 pixels and networks of a few channels: every line of a training in a second.</summary>
internal static class TinySuperResolution
{
    public static SuperResolutionPlan Plan(string method) => new()
    {
        Method = method, Factor = 2, ImageSize = TinyCohort.Size, PatchSize = 16, GeneratorWidth = 8, Blocks = 1, TailWidth = 4, Growth = method is "rrdb" or "esrgan" ? 4 : null,
        DiscriminatorWidth = 4, BatchSize = 2, MaxSteps = 6, Device = "cpu", Threads = 1, Seed = 5,
    };

    /// <summary>With everything that a game can have: features of the cohort's encoder, noise, several slices.</summary>
    public static SuperResolutionPlan Game(string method) => Plan(method) with
    {
        PatchSize = 32, Slices = 3, Noise = "rician", NoiseLevel = 0.05, PretrainShare = 0.5, FeatureNetwork = "cohort", FeatureSteps = 2, LambdaFeature = 0.1,
    };

    public static TrainingImage[] Images(int slices = 1) => [.. Enumerable.Range(0, 4).Select(i => TinyCohort.A[i] with { Pixels = [.. Enumerable.Repeat(TinyCohort.A[i].Pixels, slices).SelectMany(p => p)] })];
}
