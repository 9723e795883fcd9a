using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using MedGan.Dicom.Volumes;
using MedGan.Jobs.Images.Folders;
using MedGan.Models.Sampling;
using MedGan.Models.Training;
using MedGan.Models.Training.Contrastive;
using MedGan.Models.Training.Paired;
using MedGan.Models.Training.SuperResolution;
using MedGan.Models.Training.Volumes;

namespace MedGan.Jobs.CommandLine;

/// <summary>
/// <c>generate MODEL --in DIR | --classes C... --count N --out DIR</c>: translations or finer images of a folder, or new images of classes. Nothing here has passed the privacy gate,
/// and the files say so.
/// </summary>
internal static class GenerateVerb
{
    private static readonly Argument<DirectoryInfo> Model = new("model") { Description = "A model folder, as train writes it." };
    private static readonly Option<string?> In = new("--in") { Description = "A folder of images to translate or to make finer.", HelpName = "DIR" };
    private static readonly Option<bool> Reverse = new("--reverse") { Description = "From the second folder's images to the first's; CycleGAN only." };
    private static readonly Option<string[]> Classes = new("--classes") { Description = "Classes to make new images of; all of the model's where only --count is given.", AllowMultipleArgumentsPerToken = true, HelpName = "CLASS" };
    private static readonly Option<int> Count = new("--count") { Description = "New images of each class.", DefaultValueFactory = _ => 16 };
    private static readonly Option<long> Seed = new("--seed") { Description = "Decides new images.", DefaultValueFactory = _ => 1 };
    private static readonly Option<double> Truncation = new("--truncation") { Description = "Of new images: above 0, at most 1; 1 = none, less is less varied and cleaner.", DefaultValueFactory = _ => 1 };
    private static readonly Option<int?> Size = new("--size") { Description = "Pixels per side of what is made finer; the plan's imageSize without it." };
    private static readonly Option<DirectoryInfo> Out = new("--out") { Description = "Where the images go.", Required = true, HelpName = "DIR" };
    private static readonly Option<ImageFormat> Format = new("--format") { Description = "dicom, nifti or png.", DefaultValueFactory = _ => ImageFormat.Png };
    private static readonly Option<bool> AsJson = new("--json") { Description = "The result as one JSON object." };

    public static Command Command { get; } = Make();

    private static Command Make()
    {
        var command = new Command("generate", "Makes images with a model on local folders. They have passed no privacy gate.") { Model, In, Reverse, Classes, Count, Seed, Truncation, Size, Out, Format, AsJson };
        command.SetAction((parsed, ct) => Task.FromResult(Run(parsed, ct)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken ct)
    {
        var model = parsed.GetRequiredValue(Model).FullName;
        var plan = ModelFolders.ReadPlan(model);
        var data = ModelData.Read(model);
        if (plan is SuperResolutionPlan { Axes: "throughPlane" } or VolumeSuperResolutionPlan) return Thin(model, plan, data, parsed, ct);
        var images = plan switch
        {
            CycleGanPlan => TranslateEitherWay(model, data, Input(parsed, plan), parsed.GetValue(Reverse), ct),
            _ when parsed.GetValue(Reverse) => throw new WrongUseException($"A model of method {plan.Method} has no reverse."),
            PairedTranslationPlan or ContrastiveTranslationPlan => TranslateOneWay(model, data, Input(parsed, plan), ct),
            VolumeTranslationPlan => TranslateVolumes(model, plan.ImageSize, data, Input(parsed, plan), ct),
            SuperResolutionPlan finer => Enlarge(model, finer, data, Input(parsed, plan), parsed.GetValue(Size) ?? finer.ImageSize, ct),
            ClassConditionalPlan => New(model, plan.ImageSize, data, parsed),
            _ => throw new WrongUseException($"Models of method {plan.Method} do not work on folders."),
        };
        return Written(parsed, "images", images.Count, Writer(model, plan, parsed).Write(images, ct));
    }

    private static ImageFolderWriter Writer(string model, TrainingPlan plan, ParseResult parsed)
    {
        var weights = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(model, "weights.safetensors"))));
        var set = new GeneratedSet($"{weights} {parsed.GetValue(In)} {string.Join(' ', parsed.GetValue(Classes) ?? [])} {parsed.GetValue(Count)} {parsed.GetValue(Seed)}", plan.Method, weights[..16], DateTimeOffset.UtcNow);
        return new ImageFolderWriter(parsed.GetRequiredValue(Out).FullName, parsed.GetValue(Format), set);
    }

    private static int Written(ParseResult parsed, string what, int count, IReadOnlyList<string> files)
    {
        Console.WriteLine(parsed.GetValue(AsJson)
            ? JsonSerializer.Serialize(new Dictionary<string, object> { [what] = count, ["files"] = files }, JsonSerializerOptions.Web)
            : string.Create(CultureInfo.InvariantCulture, $"{count} {what} in {files.Count} files under {parsed.GetRequiredValue(Out).FullName}"));
        return 0;
    }

    private static string Input(ParseResult parsed, TrainingPlan plan) =>
        parsed.GetValue(In) ?? throw new WrongUseException($"A model of method {plan.Method} needs images to work on: --in DIR.");

    private static List<GeneratedImage> TranslateEitherWay(string model, ModelData data, string folder, bool reverse, CancellationToken ct)
    {
        using var translator = Translator.Load(model);
        return reverse
            ? Translate(translator.BToA, 1, translator.Plan.ImageSize, data with { Source = data.Target, Target = data.Source }, folder, ct)
            : Translate(translator.AToB, 1, translator.Plan.ImageSize, data, folder, ct);
    }

    private static List<GeneratedImage> TranslateOneWay(string model, ModelData data, string folder, CancellationToken ct)
    {
        using var translator = SliceTranslator.Load(model);
        return Translate(translator.Translate, translator.Slices, translator.Plan.ImageSize, data, folder, ct);
    }

    private static List<GeneratedImage> Translate(Func<IReadOnlyList<float[]>, float[][]> generator, int slices, int size, ModelData data, string folder, CancellationToken ct)
    {
        var source = ModelFolders.ReadImages(folder, size, data, ct);
        var made = new List<GeneratedImage>();
        foreach (var chunk in source.Images.Chunk(16))
        {
            ct.ThrowIfCancellationRequested();
            var translated = generator([.. chunk.Select(image => source.Stack(image, slices / 2))]);
            made.AddRange(chunk.Zip(translated, (image, pixels) => new GeneratedImage(image.Name, pixels, size, ModalityOf(data.Target), image)));
        }
        return made;
    }

    private static List<GeneratedImage> TranslateVolumes(string model, int size, ModelData data, string folder, CancellationToken ct)
    {
        using var translator = VolumeTranslator.Load(model);
        var made = new List<GeneratedImage>();
        foreach (var run in SliceRuns.Of(ModelFolders.ReadImages(folder, size, data, ct).Images, image => image))
        {
            ct.ThrowIfCancellationRequested();
            var translated = translator.Translate([.. run.SelectMany(image => image.Pixels)], run.Count).Chunk(size * size);
            made.AddRange(run.Zip(translated, (image, pixels) => new GeneratedImage(image.Name, pixels, size, ModalityOf(data.Target), image)));
        }
        return made;
    }

    private static List<GeneratedImage> Enlarge(string model, SuperResolutionPlan plan, ModelData data, string folder, int size, CancellationToken ct)
    {
        using var resolver = SuperResolver.Load(model);
        var source = ModelFolders.ReadImages(folder, size, data, ct);
        var made = new List<GeneratedImage>();
        foreach (var image in source.Images)
        {
            ct.ThrowIfCancellationRequested();
            made.Add(new GeneratedImage(image.Name, resolver.Upscale(source.Stack(image, plan.Slices / 2), size, size), size * plan.Factor, ModalityOf(data.Target), image));
        }
        return made;
    }

    // whole volumes, on their own voxels
    private static int Thin(string model, TrainingPlan plan, ModelData data, ParseResult parsed, CancellationToken ct)
    {
        var errors = new List<string>();
        if (parsed.GetValue(In) is null) errors.Add($"A model of method {plan.Method} needs images to work on: --in DIR.");
        if (parsed.GetValue(Format) == ImageFormat.Png) errors.Add("Volumes with thinner slices are written as DICOM or NIfTI: --format dicom or nifti.");
        if (parsed.GetValue(Size) is not null) errors.Add("--size belongs to models that make images finer in the plane.");
        if (errors.Count > 0) throw new WrongUseException([.. errors]);
        var folder = ModelFolders.ReadImages(parsed.GetValue(In)!, plan.ImageSize, data, ct, keepVolumes: true);
        if (folder.Volumes.Count == 0) throw new WrongUseException($"{folder.Root} holds no volume, DICOM or NIfTI, whose slices could be made thinner.");
        using var slices = ThinnerSlices.Load(model, plan, data);
        var made = folder.Volumes.Select(v =>
        {
            Console.Error.WriteLine($"{v.Series.Name}: {slices.Describe(v.Volume.Geometry)}");
            return v with { Volume = slices.Of(v.Volume) };
        });
        return Written(parsed, "volumes", folder.Volumes.Count, Writer(model, plan, parsed).WriteVolumes(made, ct));
    }

    private static List<GeneratedImage> New(string model, int size, ModelData data, ParseResult parsed)
    {
        var classes = parsed.GetValue(Classes) is { Length: > 0 } asked ? asked : [.. data.Classes];
        var errors = classes.Except(data.Classes).Select(c => $"The model has no class {c}; it has {string.Join(", ", data.Classes)}.").ToList();
        if (parsed.GetValue(Count) < 1) errors.Add($"--count must be at least 1, not {parsed.GetValue(Count)}.");
        if (parsed.GetValue(Truncation) is not (> 0 and <= 1)) errors.Add(string.Create(CultureInfo.InvariantCulture, $"--truncation must be above 0 and at most 1, not {parsed.GetValue(Truncation)}."));
        if (errors.Count > 0) throw new WrongUseException([.. errors]);
        using var generator = ClassConditionalGenerator.Load(model);
        return [.. classes.SelectMany(c => generator.Sample(c, parsed.GetValue(Count), parsed.GetValue(Seed), parsed.GetValue(Truncation))
            .Select((pixels, i) => new GeneratedImage(string.Create(CultureInfo.InvariantCulture, $"{c}/{i + 1:D5}"), pixels, size, ModalityOf(data.Target))))];
    }

    private static Modality? ModalityOf(DataScale scale) => scale.Scale.Modality;
}
