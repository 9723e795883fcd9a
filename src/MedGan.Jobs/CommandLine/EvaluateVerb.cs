using System.CommandLine;
using System.Globalization;
using MedGan.Dicom.Volumes;
using MedGan.Jobs.Images.Folders;
using MedGan.Models.Metrics;

namespace MedGan.Jobs.CommandLine;

/// <summary><c>evaluate --real DIR --generated DIR [--paired]</c>: every metric by name, with intervals over patients.</summary>
internal static class EvaluateVerb
{
    private static readonly Option<string> Real = new("--real") { Description = "Real images: held-out patients'.", Required = true, HelpName = "DIR" };
    private static readonly Option<string> Generated = new("--generated") { Description = "Generated ones.", Required = true, HelpName = "DIR" };
    private static readonly Option<bool> Paired = new("--paired") { Description = "Compares images of the same name too." };
    private static readonly Option<FileInfo?> Features = new("--features") { Description = "A feature network, safetensors: a cohort's encoder, or SqueezeNet 1.0.", HelpName = "FILE" };
    private static readonly Option<int> Size = new("--size") { Description = "Pixels per side at which images are compared.", DefaultValueFactory = _ => 128 };
    private static readonly Option<double?> Bone = new("--bone") { Description = "Bone is above, in the images' unit; 200 HU for CT." };
    private static readonly Option<bool> AsJson = new("--json") { Description = "The report as one JSON object." };

    public static Command Command { get; } = Make();

    private static Command Make()
    {
        var command = new Command("evaluate", "Measures generated images against real ones.") { Real, Generated, Paired, Features, Size, Bone, AsJson };
        command.SetAction((parsed, ct) => Task.FromResult(Run(parsed, ct)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken ct)
    {
        var options = new ImageFolderOptions { Size = parsed.GetValue(Size) };
        var (real, generated) = parsed.GetValue(Paired) ? Pairs(parsed, options, ct) : (Images(parsed.GetRequiredValue(Real), options, ct), Images(parsed.GetRequiredValue(Generated), options, ct));
        var scale = real[0].Scale;
        if (generated.FirstOrDefault(i => i.Scale.Unit != scale.Unit) is { } other)
            throw new WrongUseException($"{other.Name} is in {other.Scale.Unit}; the real images are in {scale.Unit}.");
        using var network = parsed.GetValue(Features) is { } file ? FeatureNetworks.Load(file.FullName) : null;
        var isCt = scale.Modality == Modality.CT;
        var report = Evaluation.Of(Grey(real, scale), Grey(generated, scale), parsed.GetValue(Paired), network, new EvaluationOptions
        {
            Low = scale.Low, High = scale.High, Unit = scale.Unit, Bands = isCt ? IntensityBand.Ct : [], BoneThreshold = parsed.GetValue(Bone) ?? (isCt ? 200 : null),
        }, ct);
        if (parsed.GetValue(AsJson)) Console.WriteLine(report.ToJson());
        else
        {
            Console.WriteLine($"{report.RealImages} real and {report.GeneratedImages} generated images");
            foreach (var m in report.Metrics)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {m.Name,-32} {m.Value,10:0.####} {m.Unit,-12}{(m.Low is null ? "" : $" [{m.Low:0.####}, {m.High:0.####}]")}{(m.FeatureNetwork is null ? "" : $"  {m.FeatureNetwork}")}"));
            foreach (var omitted in report.Omitted) Console.WriteLine($"  {omitted.Name,-32} not measured: {omitted.Reason}");
        }
        return 0;
    }

    private static (IReadOnlyList<FolderImage>, IReadOnlyList<FolderImage>) Pairs(ParseResult parsed, ImageFolderOptions options, CancellationToken ct)
    {
        var both = PairedFolders.Read(parsed.GetRequiredValue(Real), parsed.GetRequiredValue(Generated), options, options, ct);
        foreach (var note in TrainingCohort.NotesOf(both.A).Concat(TrainingCohort.NotesOf(both.B))) Console.Error.WriteLine(note);
        if (both.WithoutPair.Count > 0) Console.Error.WriteLine($"{both.WithoutPair.Count} images have no partner of the same name and do not count: {string.Join(", ", both.WithoutPair.Take(3))}{(both.WithoutPair.Count > 3 ? ", ..." : "")}");
        return ([.. both.Pairs.Select(p => p.A)], [.. both.Pairs.Select(p => p.B)]);
    }

    private static IReadOnlyList<FolderImage> Images(string folder, ImageFolderOptions options, CancellationToken ct)
    {
        var read = ImageFolder.Read(folder, options, ct);
        foreach (var note in TrainingCohort.NotesOf(read)) Console.Error.WriteLine(note);
        return read.Images;
    }

    // in the images' own unit, the real ones' for both: pictures of 16 bits are laid on the same grey levels
    private static GreyImage[] Grey(IEnumerable<FolderImage> images, IntensityScale scale) => [.. images.Select(image =>
    {
        var (size, values) = ((int)Math.Sqrt(image.Pixels.Length), (float[])image.Pixels.Clone());
        scale.FromModel(values);
        return new GreyImage(size, size, values, image.Patient, image.Inside);
    })];
}
