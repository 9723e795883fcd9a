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
    private static readonly Option<string[]> Classes = new("--classes") { Description = "Classes to make new images of; all of the model's where only --count is given.", AllowMultipleArgumentsPerToken = true, HelpName = "CLASS" };
    private static readonly Option<int> Count = new("--count") { Description = "New images of each class.", DefaultValueFactory = _ => 16 };
    private static readonly Option<long> Seed = new("--seed") { Description = "Decides new images.", DefaultValueFactory = _ => 1 };
    private static readonly Option<double> Truncation = new("--truncation") { Description = "1 = none; less is less varied and cleaner.", DefaultValueFactory = _ => 1 };
    private static readonly Option<int?> Size = new("--size") { Description = "Pixels per side of what is made finer; the plan's imageSize without it." };
    private static readonly Option<DirectoryInfo> Out = new("--out") { Description = "Where the images go.", Required = true, HelpName = "DIR" };
    private static readonly Option<ImageFormat> Format = new("--format") { Description = "dicom, nifti or png.", DefaultValueFactory = _ => ImageFormat.Png };
    private static readonly Option<bool> AsJson = new("--json") { Description = "The result as one JSON object." };

    public static Command Command { get; } = Make();

    private static Command Make()
    {
        var command = new Command("generate", "Makes images with a model on local folders. They have passed no privacy gate.") { Model, In, Classes, Count, Seed, Truncation, Size, Out, Format, AsJson };
        command.SetAction((parsed, ct) => Task.FromResult(Run(parsed, ct)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken ct)
    {
        var model = parsed.GetRequiredValue(Model).FullName;
        var plan = ReadPlan(model);
        var data = ModelData.Read(model);
        var images = plan switch
        {
            PairedTranslationPlan or ContrastiveTranslationPlan => Translate(model, plan.ImageSize, data, Input(parsed, plan), ct),
            VolumeTranslationPlan => TranslateVolumes(model, plan.ImageSize, data, Input(parsed, plan), ct),
            SuperResolutionPlan finer => Enlarge(model, finer, data, Input(parsed, plan), parsed.GetValue(Size) ?? finer.ImageSize, ct),
            ClassConditionalPlan => New(model, plan.ImageSize, data, parsed),
            _ => throw new WrongUseException($"Models of method {plan.Method} do not work on folders."),
        };
        var weights = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(model, "weights.safetensors"))));
        var set = new GeneratedSet($"{weights} {parsed.GetValue(In)} {string.Join(' ', parsed.GetValue(Classes) ?? [])} {parsed.GetValue(Count)} {parsed.GetValue(Seed)}", plan.Method, weights[..16], DateTimeOffset.UtcNow);
        var files = new ImageFolderWriter(parsed.GetRequiredValue(Out).FullName, parsed.GetValue(Format), set).Write(images, ct);
        Console.WriteLine(parsed.GetValue(AsJson)
            ? JsonSerializer.Serialize(new { images = images.Count, files }, JsonSerializerOptions.Web)
            : string.Create(CultureInfo.InvariantCulture, $"{images.Count} images in {files.Count} files under {parsed.GetRequiredValue(Out).FullName}"));
        return 0;
    }

    private static TrainingPlan ReadPlan(string model)
    {
        var file = Path.Combine(model, "plan.json");
        return File.Exists(file) ? TrainingPlan.FromJson(File.ReadAllText(file)) : throw new WrongUseException($"{model} is no model folder: it has no plan.json.");
    }

    private static string Input(ParseResult parsed, TrainingPlan plan) =>
        parsed.GetValue(In) ?? throw new WrongUseException($"A model of method {plan.Method} needs images to work on: --in DIR.");

    private static ImageFolder Read(string folder, int size, ModelData data, CancellationToken ct)
    {
        var images = ImageFolder.Read(folder, new ImageFolderOptions { Size = size, White16 = data.Source.White16 }, ct);
        foreach (var note in TrainingCohort.NotesOf(images)) Console.Error.WriteLine(note);
        if (images.Images.FirstOrDefault(i => i.Scale.Unit != data.Source.Scale.Unit) is { } other)
            throw new WrongUseException($"{folder}/{other.Name} is in {other.Scale.Unit}; the model was trained on {data.Source.Scale.Unit}.");
        return images;
    }

    private static List<GeneratedImage> Translate(string model, int size, ModelData data, string folder, CancellationToken ct)
    {
        using var translator = SliceTranslator.Load(model);
        var source = Read(folder, size, data, ct);
        var made = new List<GeneratedImage>();
        foreach (var chunk in source.Images.Chunk(16))
        {
            ct.ThrowIfCancellationRequested();
            var translated = translator.Translate([.. chunk.Select(image => source.Stack(image, translator.Slices / 2))]);
            made.AddRange(chunk.Zip(translated, (image, pixels) => new GeneratedImage(image.Name, pixels, size, ModalityOf(data.Target), image)));
        }
        return made;
    }

    private static List<GeneratedImage> TranslateVolumes(string model, int size, ModelData data, string folder, CancellationToken ct)
    {
        using var translator = VolumeTranslator.Load(model);
        var made = new List<GeneratedImage>();
        foreach (var run in SliceRuns.Of(Read(folder, size, data, ct).Images, image => image))
        {
            ct.ThrowIfCancellationRequested();
            var translated = translator.Translate([.. run.SelectMany(image => image.Pixels)], run.Count).Chunk(size * size);
            made.AddRange(run.Zip(translated, (image, pixels) => new GeneratedImage(image.Name, pixels, size, ModalityOf(data.Target), image)));
        }
        return made;
    }

    private static List<GeneratedImage> Enlarge(string model, SuperResolutionPlan plan, ModelData data, string folder, int size, CancellationToken ct)
    {
        if (plan.Axes == "throughPlane" || plan.Slices > 1) throw new WrongUseException("A model that works through the plane, or on several slices, does not work on folders.");
        using var resolver = SuperResolver.Load(model);
        var source = Read(folder, size, data, ct);
        var made = new List<GeneratedImage>();
        foreach (var image in source.Images)
        {
            ct.ThrowIfCancellationRequested();
            made.Add(new GeneratedImage(image.Name, resolver.Upscale(image.Pixels, size, size), size * plan.Factor, ModalityOf(data.Target), image));
        }
        return made;
    }

    private static List<GeneratedImage> New(string model, int size, ModelData data, ParseResult parsed)
    {
        var classes = parsed.GetValue(Classes) is { Length: > 0 } asked ? asked : [.. data.Classes];
        if (classes.FirstOrDefault(c => !data.Classes.Contains(c)) is { } unknown) throw new WrongUseException($"The model has no class {unknown}; it has {string.Join(", ", data.Classes)}.");
        if (parsed.GetValue(Count) < 1) throw new WrongUseException("--count must be at least 1.");
        using var generator = ClassConditionalGenerator.Load(model);
        return [.. classes.SelectMany(c => generator.Sample(c, parsed.GetValue(Count), parsed.GetValue(Seed), parsed.GetValue(Truncation))
            .Select((pixels, i) => new GeneratedImage(string.Create(CultureInfo.InvariantCulture, $"{c}/{i + 1:D5}"), pixels, size, ModalityOf(data.Target))))];
    }

    private static Modality? ModalityOf(DataScale scale) => scale.Scale.Modality;
}
