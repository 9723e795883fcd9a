using MedGan.Models.Training;

namespace MedGan.Models.Tests.Training;

/// <summary>Discs of 32 x 32 pixels: bright on dark in domain A, dark rim and grey inside in B; enough to run every line of a training in a second.</summary>
internal static class TinyCohort
{
    public const int Size = 32;

    public static CycleGanPlan Plan => new()
    {
        ImageSize = Size, GeneratorWidth = 4, ResidualBlocks = 1, DiscriminatorWidth = 4, BatchSize = 2, PoolSize = 3, LambdaEdges = 1,
        MaxSteps = 6, CheckpointEverySteps = 2, SampleEverySteps = 3, Device = "cpu", Threads = 2, Seed = 5,
    };

    public static TrainingImage[] A { get; } = [.. Enumerable.Range(0, 7).Select(i => Disc(i, inside: 0.8f, rim: 0.8f))];

    public static TrainingImage[] B { get; } = [.. Enumerable.Range(0, 5).Select(i => Disc(i + 20, inside: 0.1f, rim: -0.7f))];

    public static Trainer Trainer(CycleGanPlan plan, GradientExchange? exchange = null, TimeProvider? clock = null, SampleImages? shown = null) =>
        new(plan, new CycleGanMethod(plan, A, B, shown, exchange), clock: clock);

    public static TrainingImage Disc(int seed, float inside, float rim)
    {
        var random = new SeededRandom(seed, stream: 77);
        var (x, y, radius) = (random.Uniform(12, 20), random.Uniform(12, 20), random.Uniform(6, 11));
        var pixels = new float[Size * Size];
        for (var i = 0; i < pixels.Length; i++)
        {
            var distance = double.Hypot(i % Size - x, i / Size - y);
            pixels[i] = distance > radius ? -0.9f : distance > radius - 2 ? rim : inside;
            pixels[i] += (float)(0.02 * random.NextNormal());
        }
        return new TrainingImage($"patient-{seed}", pixels);
    }
}

/// <summary>One step's losses by name.</summary>
internal sealed record StepLosses(long Step, IReadOnlyDictionary<string, double> Losses)
{
    public double this[string name] => Losses[name];
}

/// <summary>Remembers what a training reported.</summary>
internal sealed class Recorder : ITrainingFollower
{
    public List<StepLosses> Steps { get; } = [];
    public List<(long Step, SampleSheet Sheet)> Sheets { get; } = [];
    public List<long> Checkpoints { get; } = [];
    public Action<StepLosses> Then { get; init; } = _ => { };

    public void OnStep(long step, IReadOnlyDictionary<string, double> losses)
    {
        Steps.Add(new StepLosses(step, losses));
        Then(Steps[^1]);
    }

    public void OnSamples(long step, SampleSheet sheet) => Sheets.Add((step, sheet));
    public void OnCheckpoint(long step) => Checkpoints.Add(step);
}

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("medgan-models-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
