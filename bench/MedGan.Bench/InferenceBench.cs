using MedGan.Models.Sampling;
using MedGan.Models.Training;
using MedGan.Phantoms;

namespace MedGan.Bench;

/// <summary>
/// One image of 256x256 through a generator (width 32, 6 blocks): ours as a model folder is used, from pixels to pixels, against PyTorch's forward pass alone,
/// in every form that it has. Same threads, interleaved.
/// </summary>
internal static class InferenceBench
{
    private const int Size = 256, WarmUp = 3, Images = 20;

    private static readonly (string Name, string[] Arguments)[] PeerForms = [("fp32", []), ("bf16", ["--bf16"]), ("jit", ["--jit"]), ("bf16, jit", ["--bf16", "--jit"])];

    public static BenchReport Run(int rounds)
    {
        var threads = Environment.ProcessorCount;
        List<double> single = [], half = [];
        var peers = PeerForms.ToDictionary(form => form.Name, _ => new List<double>());
        var peerName = "";
        var folder = Directory.CreateTempSubdirectory("medgan-bench-").FullName;
        try
        {
            var image = Export(folder, threads);
            for (var round = 0; round < rounds; round++)
            {
                half.Add(Seconds(folder, "bf16", image));
                single.Add(Seconds(folder, "fp32", image));
                foreach (var (name, arguments) in PeerForms) peers[name].Add(PeerSeconds(arguments));
            }
        }
        finally { Directory.Delete(folder, recursive: true); }
        var best = peers.MinBy(form => Statistics.Median(form.Value));
        return new("inference", BenchReport.ThisMachine,
        [
            BenchRow.LessIsBetter("an image of 256x256, bf16, PyTorch's best", "s", Statistics.Median(half), Statistics.Median(best.Value), $"{peerName} + OpenBLAS, {best.Key}", bar: 1.3),
            .. peers.Where(form => !form.Key.Contains("bf16", StringComparison.Ordinal)).Select(form =>
                BenchRow.LessIsBetter($"the same, fp32, PyTorch {form.Key}", "s", Statistics.Median(single), Statistics.Median(form.Value), $"{peerName} + OpenBLAS, {form.Key}")),
        ]);

        double PeerSeconds(string[] form)
        {
            var answer = PeerProcess.Run(PeerProcess.Translation, openBlas: true,
                ["infer", "--json", "--size", $"{Size}", "--steps", $"{Images}", "--warmup", $"{WarmUp}", "--threads", $"{threads}", .. form]);
            peerName = answer.GetProperty("peer").GetString()!;
            return answer.GetProperty("seconds_median").GetDouble();
        }
    }

    private static double Seconds(string folder, string precision, float[] image)
    {
        using var translator = Translator.Load(Path.Combine(folder, "model"), "cpu", precision);
        for (var i = 0; i < WarmUp; i++) translator.AToB([image]);
        return Statistics.Median(Enumerable.Range(0, Images).Select(_ => StepArithmetic.Seconds(() => translator.AToB([image]))).ToList());
    }

    // a model of one step: how long it takes does not depend on the weights
    private static float[] Export(string folder, int threads)
    {
        var plan = new CycleGanPlan
        {
            ImageSize = Size, GeneratorWidth = 32, ResidualBlocks = 6, PixelPathWidth = 0, OutlineDepth = false, LambdaAtlas = 0, LambdaAtlasFinal = 0,
            BatchSize = 1, DiscriminatorWidth = 4, MaxSteps = 1, Device = "cpu", Threads = threads,
        };
        var image = PhantomImages.Of(PhantomModality.Ct, Size, 1)[0];
        using var trainer = new Trainer(plan, new CycleGanMethod(plan, [image], [image]));
        trainer.Export(Path.Combine(folder, "model"));
        return image.Pixels;
    }
}
