using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MedGan.Bench;

/// <summary>
/// Paired translation, our small plan and the peer's pix2pix trained at the same time for the same minutes, each with half of the processors, on five of the seven registered patients;
/// both are measured on the other two, by one script. Ours is measured as it is at the end, and as <c>train</c> exports it: with the weights that validated best.
/// </summary>
internal static class PairedBench
{
    private static readonly string[] HeldOut = ["case21", "case41"];

    private static string Data { get; } = Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "data", "ctmr_paired"));
    private static string Peer { get; } = Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "peers", "pytorch_pix2pix.py"));
    private static string Script { get; } = Path.Combine(Repository.Root, "bench", "peers", "translation_quality.py");

    /// <param name="minutes">Of each training.</param>
    /// <param name="plan">A plan file in the place of plans/ct-to-mr-paired-small.json.</param>
    /// <param name="output">Keeps models, pictures and scores here.</param>
    /// <param name="toCt">From MR to CT, and not from CT to MR.</param>
    public static BenchReport Run(double minutes, string? plan, string output, bool toCt)
    {
        if (!Directory.Exists(Data)) throw new BenchException($"the registered patients are not there: {Data}");
        var (source, target) = toCt ? ("MRI", "CT") : ("CT", "MRI");
        var threads = Math.Max(1, Environment.ProcessorCount / 2);
        var folder = Path.Combine(output, toCt ? "mr-to-ct" : "ct-to-mr");
        if (Directory.Exists(folder)) throw new BenchException($"{folder} exists; give another --out, or remove it");
        Directory.CreateDirectory(folder);

        var peer = Task.Run(() => PeerProcess.Run(Script, openBlas: true,
            ["train", Peer, Path.Combine(folder, "peer.npz"), Data, "--source", source, "--target", target, "--minutes", Text(minutes), "--threads", $"{threads}", "--validate", .. HeldOut]));
        Train(plan, folder, [Path.Combine(Data, source), Path.Combine(Data, target)], minutes, threads);
        var steps = peer.GetAwaiter().GetResult().EnumerateObject().Last().Name;

        var held = Directory.CreateDirectory(Path.Combine(folder, "held-out")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Data, source)).Where(f => HeldOut.Any(Path.GetFileName(f).StartsWith))) File.Copy(file, Path.Combine(held, Path.GetFileName(file)));
        Medgan("generate", Path.Combine(folder, "model"), "--in", held, "--out", Path.Combine(folder, "made"));
        var scores = PeerProcess.Run(Script, openBlas: true,
            ["score", Data, "--source", source, "--target", target, .. toCt ? new[] { "--bone", "200" } : [], "--made", $"ours={Path.Combine(folder, "made")}", $"peer={Path.Combine(folder, "peer.npz")}", "--validate", .. HeldOut]);
        File.WriteAllText(Path.Combine(folder, "scores.json"), scores.GetRawText());

        double Of(string row, string figure) => scores.GetProperty(row).GetProperty(figure).GetDouble();
        double Trivial(string figure) => Math.Max(Of("mean training image", figure), Of("histogram matched", figure));
        var direction = $"{source} to {target}";
        List<BenchRow> rows =
        [
            BenchRow.LessIsBetter($"{direction}: MAE in the head", "grey", Of("ours", "mae"), Of("peer", "mae"), steps, bar: 1 / 0.95),
            BenchRow.Above($"{direction}: SSIM", Of("ours", "ssim"), Of("peer", "ssim"), steps, by: 0.02),
            BenchRow.Above($"{direction}: SSIM, the better trivial answer", Of("ours", "ssim"), Trivial("ssim"), "trivial", by: 0.10),
        ];
        if (toCt) rows.Add(BenchRow.Above($"{direction}: Dice of bone", Of("ours", "bone"), Of("peer", "bone"), steps, by: 0));
        return new("paired", BenchReport.ThisMachine, rows);
    }

    // the plan with its share of the processors
    private static void Train(string? plan, string folder, string[] data, double minutes, int threads)
    {
        var settings = JsonNode.Parse(File.ReadAllText(plan ?? Path.Combine(Repository.Root, "plans", "ct-to-mr-paired-small.json")))!.AsObject();
        settings["threads"] = threads;
        var file = Path.Combine(folder, "plan.json");
        File.WriteAllText(file, settings.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        Medgan(["train", file, "--data", .. data, "--validate", .. HeldOut, "--minutes", Text(minutes), "--out", Path.Combine(folder, "model")]);
    }

    private static void Medgan(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "medgan"), arguments) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new BenchException($"medgan {arguments[0]} ended with {process.ExitCode}");
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
