using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using MedGan.Dicom.Rendering;
using MedGan.Jobs.Images.Folders;

namespace MedGan.Jobs.CommandLine.Latent;

/// <summary><c>latent interpolate|mix|directions|project MODEL ... --out DIR</c>: a look into the latent space of a class-conditional model.</summary>
internal static class LatentVerb
{
    /// <summary>What every one of them takes.</summary>
    internal static readonly Argument<DirectoryInfo> Model = new("model") { Description = "A model folder of a class-conditional method, as train writes it." };
    internal static readonly Option<string?> Class = new("--class") { Description = "The class of seeds that name none.", HelpName = "CLASS" };
    internal static readonly Option<double> Truncation = new("--truncation") { Description = "Of seeds: above 0, at most 1; 1 = none, less is more typical.", DefaultValueFactory = _ => 1 };
    internal static readonly Option<DirectoryInfo> Out = new("--out") { Description = "Where images, sheet.png and latents.json go.", Required = true, HelpName = "DIR" };
    internal static readonly Option<ImageFormat> Format = new("--format") { Description = "dicom, nifti or png.", DefaultValueFactory = _ => ImageFormat.Png };
    internal static readonly Option<bool> AsJson = new("--json") { Description = "The result as one JSON object." };

    public static Command Command { get; } = new("latent", "Looks into the latent space of a class-conditional model. A point is a seed (7), a seed of a class (7@glioma) or an image of an earlier output (DIR/latents.json#NAME).")
    {
        InterpolateVerb.Command, MixVerb.Command, DirectionsVerb.Command, ProjectVerb.Command,
    };

    internal static void CheckTruncation(ParseResult parsed, List<string> errors)
    {
        if (parsed.GetValue(Truncation) is not (> 0 and <= 1)) errors.Add(string.Create(CultureInfo.InvariantCulture, $"--truncation must be above 0 and at most 1, not {parsed.GetValue(Truncation)}."));
    }

    /// <summary>Throws what is wrong, all at once.</summary>
    internal static void Refuse(List<string> errors)
    {
        if (errors.Count > 0) throw new WrongUseException([.. errors]);
    }

    /// <summary>Images, sheet.png and latents.json.</summary>
    /// <param name="parsed">The options.</param>
    /// <param name="model">Whose.</param>
    /// <param name="space">Where the points lie.</param>
    /// <param name="points">Named as their images are.</param>
    /// <param name="pixels">Of each point, in [-1, 1].</param>
    /// <param name="rows">The sheet: a label and its images each.</param>
    /// <param name="directions">That points were moved along.</param>
    /// <param name="ct">Stops between two files.</param>
    internal static int Write(
        ParseResult parsed, LatentModel model, LatentSpace space, IReadOnlyList<LatentPoint> points, IReadOnlyList<float[]> pixels,
        IEnumerable<(string Label, IReadOnlyList<float[]> Images)> rows, IReadOnlyList<float[]>? directions, CancellationToken ct)
    {
        var (size, folder) = (model.Plan.ImageSize, parsed.GetRequiredValue(Out).FullName);
        var weights = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(model.Folder, "weights.safetensors"))));
        var set = new GeneratedSet($"{weights} {string.Join(' ', points.Select(p => $"{p.From}@{p.Class}"))}", model.Plan.Method, weights[..16], DateTimeOffset.UtcNow);
        GeneratedImage[] images = [.. points.Zip(pixels, (point, p) => new GeneratedImage(point.Name, p, size, model.Data.Target.Scale.Modality))];
        var files = new ImageFolderWriter(folder, parsed.GetValue(Format), set).Write(images, ct);
        var sheet = new ContactSheet(Math.Clamp(size, 64, 256));
        foreach (var (label, row) in rows) sheet.Row(label, [.. row.Select(p => new GrayImage(size, size, [.. p.Select(v => (byte)Math.Clamp((v + 1) * 127.5f + 0.5f, 0, 255))]))]);
        AtomicFile.Write(Path.Combine(folder, "sheet.png"), stream => stream.Write(sheet.ToPng()));
        var latents = new Latents(model.Plan.Method, weights, space, points, directions);
        AtomicFile.Write(Path.Combine(folder, "latents.json"), stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(latents.ToJson())));
        Console.WriteLine(parsed.GetValue(AsJson)
            ? JsonSerializer.Serialize(new { images = images.Length, files, sheet = "sheet.png", latents = "latents.json" }, JsonSerializerOptions.Web)
            : string.Create(CultureInfo.InvariantCulture, $"{images.Length} images, sheet.png and latents.json under {folder}"));
        return 0;
    }
}
