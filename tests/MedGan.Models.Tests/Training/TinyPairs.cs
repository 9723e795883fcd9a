using MedGan.Models.Training;
using MedGan.Models.Training.Paired;

namespace MedGan.Models.Tests.Training;

/// <summary>Discs whose inside is bright in the source and dark in the target.</summary>
internal static class TinyPairs
{
    public static PairedTranslationPlan Plan(string method) => new()
    {
        Method = method, ImageSize = TinyCohort.Size, GeneratorWidth = 4, Levels = 2, ResidualBlocks = 1, DiscriminatorWidth = 4, BatchSize = 2, LambdaGradient = 1, LambdaStructure = 1,
        AugmentIntensity = 0.1, LearningRate = 2e-3, MaxSteps = 6, CheckpointEverySteps = 2, SampleEverySteps = 3, Device = "cpu", Threads = 1, Seed = 5,
    };

    public static PairedImage[] Images { get; } = [.. Enumerable.Range(0, 6).Select(i =>
        new PairedImage($"patient-{i / 2}", TinyCohort.Disc(i, inside: 0.8f, rim: 0.1f).Pixels, TinyCohort.Disc(i, inside: -0.5f, rim: 0.9f).Pixels))];

    public static Trainer Trainer(PairedTranslationPlan plan, PairedImage[]? images = null, Func<double>? validate = null) =>
        new(plan, new PairedTranslationMethod(plan, images ?? Images), validate);

    public sealed class Follower : ITrainingFollower
    {
        public List<IReadOnlyDictionary<string, double>> Losses { get; } = [];
        public List<SampleSheet> Sheets { get; } = [];
        public Action<long> Then { get; init; } = _ => { };

        public void OnStep(long step, IReadOnlyDictionary<string, double> losses)
        {
            Losses.Add(losses);
            Then(step);
        }

        public void OnSamples(long step, SampleSheet sheet) => Sheets.Add(sheet);
    }
}
