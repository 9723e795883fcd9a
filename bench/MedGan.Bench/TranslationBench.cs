using System.Diagnostics;
using MedGan.Models.Training;
using MedGan.Phantoms;

namespace MedGan.Bench;

/// <summary>
/// One CycleGAN training step (width 32, 6 blocks, 128x128, batch 1, discriminator width 64), in single precision and bfloat16: ours against PyTorch from Debian,
/// as it is installed and with OpenBLAS. Same threads, same networks, interleaved. Besides, what bfloat16 makes of the processor and of the loss.
/// </summary>
internal static class TranslationBench
{
    private const int Size = 128, Width = 32, Blocks = 6, DiscriminatorWidth = 64, WarmUpSteps = 2, Steps = 8, StockSteps = 3, CurveSteps = 100, Late = 10;

    private static readonly List<TrainingImage> Ct = PhantomImages.Of(PhantomModality.Ct, Size, 1, 2), Mr = PhantomImages.Of(PhantomModality.MrT1, Size, 3, 4);

    public static BenchReport Run(int rounds)
    {
        List<double> single = [], half = [], peerSingle = [], peerHalf = [], stock = [], peak = [];
        var threads = Environment.ProcessorCount;
        var peerName = "";
        for (var round = 0; round < rounds; round++)
        {
            peak.Add(StepArithmetic.MeasuredPeak(threads));
            half.Add(OurStepSeconds(threads, "bf16"));
            peerHalf.Add(PeerSeconds(openBlas: true, Steps, "--bf16"));
            single.Add(OurStepSeconds(threads, "fp32"));
            peerSingle.Add(PeerSeconds(openBlas: true, Steps));
            stock.Add(PeerSeconds(openBlas: false, StockSteps));
        }
        var (ours, best) = (Statistics.Median(half), Statistics.Median(peerHalf));
        var rate = StepArithmetic.Operations(Size, Width, Blocks, DiscriminatorWidth) / ours;
        var (lossHalf, lossSingle) = (LateLoss(threads, "bf16"), LateLoss(threads, "fp32"));
        return new("translation", BenchReport.ThisMachine,
        [
            BenchRow.LessIsBetter("CycleGAN step bf16, PyTorch's best", "s", ours, best, peerName + " + OpenBLAS, bf16", bar: 1.4),
            BenchRow.LessIsBetter("CycleGAN step bf16, stock PyTorch", "s", ours, Statistics.Median(stock), peerName, bar: 6),
            BenchRow.LessIsBetter("CycleGAN step fp32, PyTorch fp32", "s", Statistics.Median(single), Statistics.Median(peerSingle), peerName + " + OpenBLAS", bar: 1.25),
            BenchRow.MoreIsBetter("arithmetic of the bf16 step, measured peak", "GFLOP/s", rate / 1e9, Statistics.Median(peak) / 1e9, "the best of products and convolutions", bar: 0.55),
            new($"generators' loss, bf16, steps {CurveSteps - Late + 1}-{CurveSteps}; agreement", "", lossHalf, lossSingle, "ours in fp32, same seed", 1 - Math.Abs(lossHalf / lossSingle - 1), 0.95),
        ]);

        double PeerSeconds(bool openBlas, int steps, params string[] more)
        {
            var answer = PeerProcess.Run(PeerProcess.Translation, openBlas, ["train", "--json", "--steps", $"{steps}", "--warmup", $"{WarmUpSteps}", "--threads", $"{threads}", .. more]);
            peerName = answer.GetProperty("peer").GetString()!;
            return answer.GetProperty("seconds_median").GetDouble();
        }
    }

    private static double OurStepSeconds(int threads, string precision) =>
        Statistics.Median(Train(threads, precision, WarmUpSteps + Steps).Skip(WarmUpSteps).Select(step => step.Seconds));

    private static double LateLoss(int threads, string precision) => Train(threads, precision, CurveSteps).TakeLast(Late).Average(step => step.Loss);

    private static List<(double Seconds, double Loss)> Train(int threads, string precision, int steps)
    {
        var plan = new CycleGanPlan
        {
            ImageSize = Size, GeneratorWidth = Width, ResidualBlocks = Blocks, PixelPathWidth = 0, OutlineDepth = false, LambdaAtlas = 0, LambdaAtlasFinal = 0, BatchSize = 1,
            DiscriminatorWidth = DiscriminatorWidth, AugmentShift = 0, AugmentRotationDegrees = 0, AugmentScale = 0, Precision = precision,
            LearningRate = 2e-4, LambdaCycle = 10, LambdaIdentity = 5, DiscriminatorRateFactor = 1,
            MaxSteps = steps, CheckpointEverySteps = int.MaxValue, SampleEverySteps = int.MaxValue, Device = "cpu", Threads = threads,
        };
        var folder = Directory.CreateTempSubdirectory("medgan-bench-").FullName;
        try
        {
            var clock = new StepClock();
            using var trainer = new Trainer(plan, new CycleGanMethod(plan, Ct, Mr));
            trainer.Run(folder, clock, CancellationToken.None);
            return clock.Steps;
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private sealed class StepClock : ITrainingFollower
    {
        private long last = Stopwatch.GetTimestamp();

        public List<(double Seconds, double Loss)> Steps { get; } = [];

        public void OnStep(long step, IReadOnlyDictionary<string, double> losses)
        {
            Steps.Add((Stopwatch.GetElapsedTime(last).TotalSeconds, losses["generator"]));
            last = Stopwatch.GetTimestamp();
        }

        public void OnSamples(long step, SampleSheet sheet) { }
    }
}
