using System.Globalization;
using System.Text.Json;
using MedGan.Dicom.Rendering;
using MedGan.Jobs.Images.Folders;
using MedGan.Models.Metrics;
using MedGan.Models.Sampling;
using MedGan.Models.Training;

namespace MedGan.Bench.RareClass;

/// <summary>
/// What synthetic images of a rare class are good for: brain MR of four classes, one of them with 20 images. The last third of every class in the order of the files' names (patients are not known) is held out;
/// a generator is trained on the rest and makes images of the rare class, and classifiers of five seeds learn from the real images as they are ("none"), moved a little at each draw ("classical"), with
/// synthetic ones ("synthetic") and with both, and are asked about the third that nothing has seen.
/// </summary>
internal static class RareClassBench
{
    public const string Rare = "pituitary_tumor";

    private const int Synthetic = 100, ClassifierSteps = 1000;

    private static readonly TrainingMaterial[] Materials = [TrainingMaterial.None, TrainingMaterial.Classical, TrainingMaterial.Synthetic, TrainingMaterial.Both];

    private static string Data { get; } = Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "data", "rareclass"));

    /// <param name="minutes">Of the generator's training.</param>
    /// <param name="planFile">A class-conditional plan in the place of plans/rare-class-small.json.</param>
    /// <param name="output">Models, contact sheets and figures.json are left here.</param>
    public static BenchReport Run(double minutes, string? planFile, string output)
    {
        if (!Directory.Exists(Data)) throw new BenchException($"the images of the rare class are not there: {Data}");
        var plan = TrainingPlan.FromJson(File.ReadAllText(planFile ?? Path.Combine(Repository.Root, "plans", "rare-class-small.json"))) as ClassConditionalPlan
            ?? throw new BenchException($"{planFile} is no plan of a class-conditional method");
        var folder = ImageFolder.Read(Data, new ImageFolderOptions { Size = plan.ImageSize });
        var (train, test) = Split(folder, plan.Classes);
        var model = Path.Combine(output, "rare-class", "model");
        var made = Generate(plan with { MaxMinutes = minutes, MaxSteps = null, MaxImages = null }, train, model);
        return Report(TrainOnSynthetic.Of(Labelled(train), made, Labelled(test), Materials, new ClassifierPlan { ImageSize = plan.ImageSize, Threads = plan.Threads, Steps = ClassifierSteps }, CancellationToken.None), output);
    }

    private static BenchReport Report(SyntheticUse use, string output)
    {
        var figures = use.Scores.Keys.ToDictionary(m => $"{m}", m => use.Metrics(m).ToDictionary(f => f.Name));
        var differences = use.Differences(TrainingMaterial.Both, TrainingMaterial.Classical);
        File.WriteAllText(Path.Combine(output, "rare-class", "figures.json"), JsonSerializer.Serialize(new { figures, bothAboveClassical = differences }, JsonSerializerOptions.Web));
        foreach (var (material, of) in figures)
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{material,-10} balanced accuracy {Interval(of["balanced-accuracy"])}, recall of the rare class {Interval(of[$"recall-{Rare}"])}"));
        return new("rare-class", BenchReport.ThisMachine,
        [
            .. new[] { "balanced-accuracy", $"recall-{Rare}" }.SelectMany(name => new[] { TrainingMaterial.Classical, TrainingMaterial.None }.Select(than =>
                BenchRow.Above($"{name}, with both", figures[$"{TrainingMaterial.Both}"][name].Value, figures[$"{than}"][name].Value, $"{than}", by: 0))),
        ]);
    }

    private static string Interval(MetricValue value) => string.Create(CultureInfo.InvariantCulture, $"{value.Value:0.000} [{value.Low:0.000}, {value.High:0.000}]");

    // the last third of each class, in the order of the files' names
    private static (ClassImage[] Train, ClassImage[] Test) Split(ImageFolder folder, IReadOnlyList<string> classes)
    {
        var of = classes.Select(c => folder.Images.Where(i => i.Class == c).Select(i => new ClassImage(i.Patient, c, i.Pixels)).ToArray()).ToArray();
        return ([.. of.SelectMany(images => images[..(images.Length * 2 / 3)])], [.. of.SelectMany(images => images[(images.Length * 2 / 3)..])]);
    }

    private static LabelledImage[] Generate(ClassConditionalPlan plan, ClassImage[] train, string model)
    {
        using (var trainer = new Trainer(plan, new ClassConditionalMethod(plan, train)))
        {
            trainer.Run(Path.Combine(model, "checkpoints"), new Silent(), CancellationToken.None);
            trainer.Export(model);
        }
        using var generator = ClassConditionalGenerator.Load(model);
        var made = generator.Sample(Rare, Synthetic, plan.Seed, truncation: 0.8);
        var sheet = new ContactSheet(2 * plan.ImageSize);
        foreach (var row in (IEnumerable<(string, float[])[]>)[.. made.Take(16).Select(m => ("made", m)).Chunk(8), .. train.Where(i => i.Class == Rare).Take(16).Select(i => ("real", i.Pixels)).Chunk(8)])
            sheet.Row(row[0].Item1, [.. row.Select(i => new GrayImage(plan.ImageSize, plan.ImageSize, [.. i.Item2.Select(v => (byte)Math.Clamp((v + 1) * 127.5f, 0, 255))]))]);
        File.WriteAllBytes(Path.Combine(model, "samples.png"), sheet.ToPng());
        return [.. made.Select(pixels => new LabelledImage(Rare, pixels))];
    }

    private static LabelledImage[] Labelled(ClassImage[] images) => [.. images.Select(i => new LabelledImage(i.Class, i.Pixels))];

    private sealed class Silent : ITrainingFollower
    {
        public void OnStep(long step, IReadOnlyDictionary<string, double> losses) { }
        public void OnSamples(long step, SampleSheet sheet) { }
    }
}
