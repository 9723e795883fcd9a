using System.CommandLine;
using System.Globalization;
using MedGan.Dicom.Volumes;
using MedGan.Jobs.Images.Folders;
using MedGan.Models.Metrics;
using MedGan.Models.Training.SuperResolution;

namespace MedGan.Jobs.CommandLine;

/// <summary>
/// <c>evaluate --real DIR --generated DIR [--paired]</c>: every metric by name, with intervals over patients; <c>--model MODEL</c> instead of images: those of a model of super-resolution and of
/// bicubic interpolation.
/// </summary>
internal static class EvaluateVerb
{
    private const int DefaultSize = 128;

    private static readonly Option<string> Real = new("--real") { Description = "Real images: held-out patients'.", Required = true, HelpName = "DIR" };
    private static readonly Option<string?> Generated = new("--generated") { Description = "Generated ones.", HelpName = "DIR" };
    private static readonly Option<DirectoryInfo?> Model = new("--model") { Description = "A model of super-resolution, in the place of --generated: it is measured on the real images, degraded as its plan says, beside bicubic interpolation.", HelpName = "MODEL" };
    private static readonly Option<string[]> Patients = new("--patients") { Description = "Only these patients' images; with --model.", AllowMultipleArgumentsPerToken = true, HelpName = "PATIENT" };
    private static readonly Option<bool> Paired = new("--paired") { Description = "Compares images of the same name too." };
    private static readonly Option<FileInfo?> Features = new("--features") { Description = "A feature network, safetensors: a cohort's encoder, or SqueezeNet 1.0.", HelpName = "FILE" };
    private static readonly Option<int?> Patches = new("--patches") { Description = "The feature network sees patches of so many pixels per side, not whole images.", HelpName = "N" };
    private static readonly Option<int?> Size = new("--size") { Description = $"Pixels per side at which images are compared; {DefaultSize} without it.", HelpName = "N" };
    private static readonly Option<double?> Bone = new("--bone") { Description = "Bone is above, in the images' unit; 200 HU for CT." };
    private static readonly Option<FileInfo?> Sheet = new("--sheet") { Description = "A PNG file that shows some of the images; with --model.", HelpName = "FILE" };
    private static readonly Option<bool> AsJson = new("--json") { Description = "The report as one JSON object." };

    public static Command Command { get; } = Make();

    private static Command Make()
    {
        var command = new Command("evaluate", "Measures generated images against real ones.") { Real, Generated, Paired, Model, Patients, Features, Patches, Size, Bone, Sheet, AsJson };
        command.SetAction((parsed, ct) => Task.FromResult(Run(parsed, ct)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken ct)
    {
        string[] errors = [.. Errors(parsed)];
        if (errors.Length > 0) throw new WrongUseException(errors);
        return parsed.GetValue(Model) is { } model ? OfModel(parsed, model.FullName, ct) : OfImages(parsed, ct);
    }

    private static IEnumerable<string> Errors(ParseResult parsed)
    {
        var model = parsed.GetValue(Model) is not null;
        if (model == parsed.GetValue(Generated) is not null) yield return "Either --generated or --model must be given.";
        if (model && parsed.GetValue(Paired)) yield return "--paired belongs to --generated: with --model images are always compared one by one.";
        if (parsed.GetValue(Size) is < 8) yield return "--size must be at least 8.";
        if (model && parsed.GetValue(Size) is not null) yield return "--size belongs to --generated: a model's own size is in its plan.";
        if (!model && parsed.GetValue(Patients) is { Length: > 0 }) yield return "--patients belongs to --model.";
        if (!model && parsed.GetValue(Sheet) is not null) yield return "--sheet belongs to --model.";
        if (parsed.GetValue(Patches) is < 16) yield return "--patches must be at least 16.";
        if (parsed.GetValue(Patches) is not null && parsed.GetValue(Features) is null) yield return "--patches needs --features: it says what the feature network sees.";
    }

    private static int OfImages(ParseResult parsed, CancellationToken ct)
    {
        var options = new ImageFolderOptions { Size = parsed.GetValue(Size) ?? DefaultSize };
        var generated = parsed.GetRequiredValue(Generated)!;
        var (one, other) = parsed.GetValue(Paired) ? Pairs(parsed, options, ct) : (NotOfAir(Images(parsed.GetRequiredValue(Real), options, ct)), NotOfAir(Images(generated, options, ct)));
        if (one.Count == 0 || other.Count == 0) throw new WrongUseException("Every image shows air only; there is nothing to measure.");
        var scale = one[0].Scale;
        if (other.FirstOrDefault(i => i.Scale.Unit != scale.Unit) is { } different)
            throw new WrongUseException($"{different.Name} is in {different.Scale.Unit}; the real images are in {scale.Unit}.");
        GreyImage[] Grey(IReadOnlyList<FolderImage> images) => InUnit(images.Select(i => new GreyImage(options.Size, options.Size, i.Pixels, i.Patient, i.Inside)), scale);
        using var network = Network(parsed);
        var report = Evaluation.Of(Grey(one), Grey(other), parsed.GetValue(Paired), network, Options(parsed, scale), ct);
        if (parsed.GetValue(AsJson)) Console.WriteLine(report.ToJson());
        else Print($"{report.RealImages} real and {report.GeneratedImages} generated images", report);
        return 0;
    }

    // a model of super-resolution on real images that are degraded as its plan says, beside bicubic interpolation
    private static int OfModel(ParseResult parsed, string model, CancellationToken ct)
    {
        var (plan, data) = (ModelFolders.ReadPlan(model), ModelData.Read(model));
        if (plan is not SuperResolutionPlan) throw new WrongUseException($"--model is for models of super-resolution, which can be measured on images of one kind; one of method {plan.Method} needs --generated.");
        var folder = ModelFolders.ReadImages(parsed.GetRequiredValue(Real), plan.ImageSize, data, ct);
        var patients = TrainingCohort.Known(folder.Patients, parsed.GetValue(Patients) ?? []);
        var finer = FinerImages.Of(model, folder, [.. folder.Images.Where(i => patients.Count == 0 || patients.Contains(i.Patient))], ct);
        if (parsed.GetValue(Sheet) is { } sheet) AtomicFile.Write(sheet.FullName, stream => stream.Write(finer.ToPng()));
        var scale = folder.Images[0].Scale;
        using var network = Network(parsed);
        EvaluationReport Report(GreyImage[] images) => Evaluation.Of(InUnit(finer.Truth, scale), InUnit(images, scale), paired: true, network, Options(parsed, scale), ct);
        var (ofModel, ofBicubic) = (Report(finer.Model), Report(finer.Bicubic));
        if (parsed.GetValue(AsJson)) Console.WriteLine($"{{\"model\": {ofModel.ToJson()}, \"bicubic\": {ofBicubic.ToJson()}}}");
        else
        {
            Print($"{ofModel.RealImages} images, degraded and made finer by {plan.Method}", ofModel);
            Print("the same by bicubic interpolation", ofBicubic);
        }
        return 0;
    }

    private static void Print(string title, EvaluationReport report)
    {
        Console.WriteLine(title);
        foreach (var m in report.Metrics)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {m.Name,-32} {m.Value,10:0.####} {m.Unit,-12}{(m.Low is null ? "" : $" [{m.Low:0.####}, {m.High:0.####}]")}{(m.FeatureNetwork is null ? "" : $"  {m.FeatureNetwork}")}"));
        foreach (var omitted in report.Omitted) Console.WriteLine($"  {omitted.Name,-32} not measured: {omitted.Reason}");
    }

    private static IFeatureNetwork? Network(ParseResult parsed) => parsed.GetValue(Features) is { } file ? FeatureNetworks.Load(file.FullName) : null;

    private static EvaluationOptions Options(ParseResult parsed, IntensityScale scale)
    {
        var isCt = scale.Modality == Modality.CT;
        return new EvaluationOptions
        {
            Low = scale.Low, High = scale.High, Unit = scale.Unit, Bands = isCt ? IntensityBand.Ct : [], BoneThreshold = parsed.GetValue(Bone) ?? (isCt ? 200 : null), PatchSize = parsed.GetValue(Patches),
        };
    }

    private static (IReadOnlyList<FolderImage>, IReadOnlyList<FolderImage>) Pairs(ParseResult parsed, ImageFolderOptions options, CancellationToken ct)
    {
        var both = PairedFolders.Read(parsed.GetRequiredValue(Real), parsed.GetRequiredValue(Generated)!, options, options, ct);
        foreach (var note in TrainingCohort.NotesOf(both.A).Concat(TrainingCohort.NotesOf(both.B))) Console.Error.WriteLine(note);
        if (both.WithoutPair.Count > 0) Console.Error.WriteLine($"{both.WithoutPair.Count} images have no partner of the same name and do not count: {string.Join(", ", both.WithoutPair.Take(3))}{(both.WithoutPair.Count > 3 ? ", ..." : "")}");
        var pairs = both.Pairs.Where(p => ShowsSomething(p.A) && ShowsSomething(p.B)).ToList();
        TellOfAir(both.Pairs.Count - pairs.Count);
        return ([.. pairs.Select(p => p.A)], [.. pairs.Select(p => p.B)]);
    }

    private static List<FolderImage> NotOfAir(IReadOnlyList<FolderImage> images)
    {
        var shown = images.Where(ShowsSomething).ToList();
        TellOfAir(images.Count - shown.Count);
        return shown;
    }

    private static bool ShowsSomething(FolderImage image) => image.Inside?.Contains(true) ?? true;

    private static void TellOfAir(int count)
    {
        if (count > 0) Console.Error.WriteLine($"{count} {(count == 1 ? "image shows" : "images show")} air only and do not count.");
    }

    private static IReadOnlyList<FolderImage> Images(string folder, ImageFolderOptions options, CancellationToken ct)
    {
        var read = ImageFolder.Read(folder, options, ct);
        foreach (var note in TrainingCohort.NotesOf(read)) Console.Error.WriteLine(note);
        return read.Images;
    }

    // the real images' unit for both: pictures of 16 bits are laid on the same grey levels
    private static GreyImage[] InUnit(IEnumerable<GreyImage> images, IntensityScale scale) => [.. images.Select(image =>
    {
        var values = (float[])image.Pixels.Clone();
        scale.FromModel(values);
        return image with { Pixels = values };
    })];
}
