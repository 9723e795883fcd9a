using System.Diagnostics;
using MedGan.Models.Training;

namespace MedGan.Bench;

/// <summary>
/// One CycleGAN training step (width 32, 6 blocks, 128x128, batch 1, discriminator width 64): ours against PyTorch from Debian,
/// as it is installed and with OpenBLAS. Same threads, same networks, interleaved.
/// </summary>
internal static class TranslationBench
{
    private const int Size = 128, WarmUpSteps = 2, Steps = 6;

    public static BenchReport Run(int rounds)
    {
        var script = Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "peers", "pytorch_translation.py"));
        List<double> ours = [], openBlas = [], stock = [];
        var threads = Environment.ProcessorCount;
        var peerName = "";
        for (var round = 0; round < rounds; round++)
        {
            ours.Add(OurStepSeconds(threads));
            openBlas.Add(PeerSeconds(openBlas: true));
            stock.Add(PeerSeconds(openBlas: false));
        }
        var ourMedian = Statistics.Median(ours);
        return new("translation", BenchReport.ThisMachine,
        [
            BenchRow.LessIsBetter("CycleGAN step fp32, against PyTorch + OpenBLAS", "s", ourMedian, Statistics.Median(openBlas), peerName + " + OpenBLAS"),
            BenchRow.LessIsBetter("CycleGAN step fp32, against stock PyTorch", "s", ourMedian, Statistics.Median(stock), peerName),
        ]);

        double PeerSeconds(bool openBlas)
        {
            var answer = PeerProcess.Run(script, openBlas, "train", "--json", "--steps", $"{Steps}", "--warmup", $"{WarmUpSteps}", "--threads", $"{threads}");
            peerName = answer.GetProperty("peer").GetString()!;
            return answer.GetProperty("seconds_median").GetDouble();
        }
    }

    private static double OurStepSeconds(int threads)
    {
        var plan = new CycleGanPlan
        {
            ImageSize = Size, GeneratorWidth = 32, ResidualBlocks = 6, PixelPathWidth = 0, OutlineDepth = false, LambdaAtlas = 0, LambdaAtlasFinal = 0, BatchSize = 1, DiscriminatorWidth = 64, AugmentShift = 0, AugmentRotationDegrees = 0, AugmentScale = 0,
            MaxSteps = WarmUpSteps + Steps, CheckpointEverySteps = int.MaxValue, SampleEverySteps = int.MaxValue, Device = "cpu", Threads = threads,
        };
        var random = new Random(1);
        TrainingImage Noise(int i) => new($"patient {i}", [.. Enumerable.Range(0, Size * Size).Select(_ => random.NextSingle() * 2 - 1)]);
        var folder = Directory.CreateTempSubdirectory("medgan-bench-").FullName;
        try
        {
            var clock = new StepClock();
            using var trainer = new CycleGanTrainer(plan, [.. Enumerable.Range(0, 4).Select(Noise)], [.. Enumerable.Range(4, 4).Select(Noise)]);
            trainer.Run(folder, clock, CancellationToken.None);
            return Statistics.Median(clock.Seconds.Skip(WarmUpSteps));
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private sealed class StepClock : ITrainingObserver
    {
        private long _last = Stopwatch.GetTimestamp();

        public List<double> Seconds { get; } = [];

        public void OnStep(StepLosses losses)
        {
            Seconds.Add(Stopwatch.GetElapsedTime(_last).TotalSeconds);
            _last = Stopwatch.GetTimestamp();
        }

        public void OnSamples(SampleGrid grid) { }
    }
}
