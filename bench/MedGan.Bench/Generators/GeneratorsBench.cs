using System.Globalization;
using MedGan.Dicom.Rendering;
using MedGan.Models.Metrics;
using MedGan.Models.Training;
using TorchSharp;

namespace MedGan.Bench.Generators;

/// <summary>
/// Class-conditional methods after the same training time, each in turn for a part of it, on CT slices of made-up patients with and without a haemorrhage; measured against patients that none was
/// trained on: kernel distance (KID) in a feature network, and whether the lesions' sizes and places are those that were planted.
/// </summary>
internal static class GeneratorsBench
{
    private const int Size = 64, EncoderSteps = 600, SheetColumns = 10;
    private const double Bar = 0.8;

    private static readonly EvaluationOptions Measures = new() { BootstrapRounds = 200, FrechetRounds = 2, KernelSubsets = 20 };

    public static GeneratorsReport Run(GeneratorOptions options)
    {
        var plans = options.Plans.Select(name => Read(name, options)).ToArray();
        Say("rendering patients");
        var (training, heldOut) = (new LesionCohort(1_000_000, options.Patients, Size), new LesionCohort(2_000_000, options.HeldOut, Size));
        var (real, realLesions) = (heldOut.Images, heldOut.Read(LesionCohort.Lesion));
        using var encoder = Encoder(training, options);
        using var supplied = options.Features is { } file ? FeatureNetworks.Load(file) : null;
        IFeatureNetwork[] networks = supplied is null ? [encoder] : [encoder, supplied];
        var folder = options.Out ?? Directory.CreateTempSubdirectory("medgan-bench-").FullName;
        var contestants = new List<Contestant>();
        try
        {
            contestants.AddRange(options.Plans.Zip(plans, (name, plan) => new Contestant(Path.GetFileNameWithoutExtension(name), plan, training.Training, options.ProcessorTime)));
            var (curve, rows) = (new List<CurvePoint>(), new List<BenchRow>());
            for (var point = 1; point <= options.Points; point++)
                foreach (var contestant in contestants)
                {
                    torch.set_num_threads(plans[0].Threads > 0 ? plans[0].Threads : Environment.ProcessorCount);
                    contestant.Train(options.Minutes * point / options.Points, options.Minutes);
                    var images = contestant.Sample(options.HeldOut, Path.Combine(folder, contestant.Name));
                    var lesions = LesionFigures.Of(realLesions, [.. images[LesionCohort.Lesion].Select(heldOut.Read)], [.. images[LesionCohort.None].Select(heldOut.Read)]);
                    var used = point == options.Points ? networks : networks[..1];
                    foreach (var network in used) curve.Add(Point(contestant, network, real, Grey(images), lesions));
                    foreach (var added in curve.TakeLast(used.Length)) Say(added.ToString());
                    Say(string.Join("  ", contestant.Losses.Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Key} {l.Value:0.###}"))));
                    Sheet(Path.Combine(folder, $"{contestant.Name}-{point}.png"), images);
                }
            Sheet(Path.Combine(folder, "real.png"), new Dictionary<string, float[][]>
            {
                [LesionCohort.Lesion] = [.. real.Take(options.HeldOut).Select(i => i.Pixels)],
                [LesionCohort.None] = [.. real.Skip(options.HeldOut).Select(i => i.Pixels)],
            });
            var last = curve.TakeLast(contestants.Count * networks.Length).ToArray();
            foreach (var network in networks)
            {
                var points = last.Where(p => p.Network == network.Name).ToArray();
                rows.AddRange(points.Skip(1).Select(p => BenchRow.LessIsBetter($"KID x 1000 of {p.Method}", "", 1000 * p.Kid, 1000 * points[0].Kid, $"{points[0].Method}; {network.Name}", bar: 1)));
            }
            var best = last.MaxBy(p => Math.Min(p.Lesions.Coverage, p.Lesions.Precision))!;
            rows.Add(BenchRow.MoreIsBetter($"lesions of {best.Method}, coverage", "", best.Lesions.Coverage, Bar, "the bar", bar: 1));
            rows.Add(BenchRow.MoreIsBetter($"lesions of {best.Method}, precision", "", best.Lesions.Precision, Bar, "the bar", bar: 1));
            var ofTraining = new List<CurvePoint>();
            foreach (var network in networks) ofTraining.Add(Point(training, network, real, realLesions, options.HeldOut));
            return new("generators", BenchReport.ThisMachine, rows, curve, ofTraining, ReaderFigures.Of(heldOut));
        }
        finally
        {
            foreach (var contestant in contestants) contestant.Dispose();
            if (options.Out is null) Directory.Delete(folder, recursive: true);
        }
    }

    private static ClassConditionalPlan Read(string name, GeneratorOptions options)
    {
        var path = File.Exists(name) ? name : Path.Combine(Repository.Root, "plans", $"{name}.json");
        if (!File.Exists(path)) throw new BenchException($"there is no plan {name}");
        var plan = TrainingPlan.FromJson(File.ReadAllText(path)) as ClassConditionalPlan ?? throw new BenchException($"{name} is of no class-conditional method");
        if (plan.ImageSize != Size || !plan.Classes.Order().SequenceEqual(new[] { LesionCohort.Lesion, LesionCohort.None }.Order()))
            throw new BenchException($"{name} must have imageSize {Size} and the classes {LesionCohort.Lesion} and {LesionCohort.None}");
        return plan with { Seed = options.Seed };
    }

    // of the training patients only; made once where it can be kept
    private static CohortFeatures Encoder(LesionCohort training, GeneratorOptions options)
    {
        var path = options.Out is { } folder ? Path.Combine(folder, "encoder.safetensors") : null;
        if (path is not null && File.Exists(path)) return new CohortFeatures(CohortEncoder.Load(path), "the training patients");
        Say("training the encoder");
        var encoder = CohortEncoder.Train([.. training.Images.Select(i => new TrainingImage(i.PatientId!, i.Pixels))], Size, seed: 1, EncoderSteps, CancellationToken.None);
        if (path is not null)
        {
            Directory.CreateDirectory(options.Out!);
            encoder.Save(path);
        }
        return new CohortFeatures(encoder, "the training patients");
    }

    private static CurvePoint Point(Contestant contestant, IFeatureNetwork network, IReadOnlyList<GreyImage> real, IReadOnlyList<GreyImage> generated, LesionFigures lesions) =>
        Point(contestant.Name, contestant.Minutes, contestant.Steps, contestant.Images, Evaluation.Of(real, generated, paired: false, network, Measures, CancellationToken.None), network, lesions);

    // the training patients themselves in the place of generated images: what a perfect generator would come to
    private static CurvePoint Point(LesionCohort training, IFeatureNetwork network, IReadOnlyList<GreyImage> real, IReadOnlyList<Phantoms.LesionOutline?> realLesions, int count)
    {
        var images = training.Images;
        var perClass = images.Count / 2;
        var lesions = LesionFigures.Of(realLesions, [.. training.Read(LesionCohort.Lesion).Take(count)], [.. training.Read(LesionCohort.None).Take(count)]);
        var evaluation = Evaluation.Of(real, [.. images.Take(count), .. images.Skip(perClass).Take(count)], paired: false, network, Measures, CancellationToken.None);
        return Point("training patients", 0, 0, 0, evaluation, network, lesions);
    }

    private static CurvePoint Point(string name, double minutes, long steps, long images, EvaluationReport e, IFeatureNetwork network, LesionFigures lesions) =>
        new(name, minutes, steps, images, network.Name, e["kid"].Value, e["kid"].Low, e["kid"].High, e["frechet-distance"].Value, e["precision"].Value, e["coverage"].Value,
            e["diversity-generated"].Value, e["diversity-real"].Value, lesions);

    private static IReadOnlyList<GreyImage> Grey(IReadOnlyDictionary<string, float[][]> images) =>
        [.. images[LesionCohort.Lesion].Concat(images[LesionCohort.None]).Select(pixels => new GreyImage(Size, Size, pixels))];

    private static void Sheet(string path, IReadOnlyDictionary<string, float[][]> images)
    {
        var sheet = new ContactSheet(2 * Size);
        foreach (var (name, pixels) in images)
            for (var row = 0; row < 2; row++)
                sheet.Row(name, [.. pixels.Skip(row * SheetColumns).Take(SheetColumns).Select(p => new GrayImage(Size, Size, [.. p.Select(v => (byte)Math.Round((v + 1) * 127.5))]))]);
        File.WriteAllBytes(path, sheet.ToPng());
    }

    private static void Say(string text) => Console.Error.WriteLine(text);
}
