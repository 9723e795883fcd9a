using MedGan.Models.Sampling;
using MedGan.Models.Training;

namespace MedGan.Jobs.CommandLine.Latent;

/// <summary>A class-conditional model and the points of its latent spaces.</summary>
internal sealed class LatentModel : IDisposable
{
    private LatentModel(string folder, ModelData data, ClassConditionalGenerator generator) => (Folder, Data, Generator) = (folder, data, generator);

    public string Folder { get; }

    public ModelData Data { get; }

    public ClassConditionalGenerator Generator { get; }

    public ClassConditionalPlan Plan => Generator.Plan;

    /// <exception cref="WrongUseException">It is no model folder, or its model has no latents, or no styles where they are needed.</exception>
    public static LatentModel Load(string folder, bool needsStyles)
    {
        var plan = ModelFolders.ReadPlan(folder);
        if (plan is not ClassConditionalPlan) throw new WrongUseException($"A model of method {plan.Method} makes images of images, not of latents.");
        if (needsStyles && plan.Method != StyledMethod) throw new WrongUseException($"A model of method {plan.Method} has no styles; {StyledMethod} has.");
        return new LatentModel(folder, ModelData.Read(folder), ClassConditionalGenerator.Load(folder));
    }

    /// <summary>The space that a model's points lie in where nothing else is asked for.</summary>
    public LatentSpace DefaultSpace => Plan.Method == StyledMethod ? LatentSpace.W : LatentSpace.Z;

    /// <summary>
    /// A point by its name: "7" is the latent that this seed draws, "7@glioma" the same for a class, "out/latents.json#0003" an image of an earlier output.
    /// </summary>
    /// <param name="text">The name.</param>
    /// <param name="of">The class of seeds without one; null where the model has one class only.</param>
    /// <param name="space">The space that it shall lie in.</param>
    /// <param name="truncation">Of seeds.</param>
    /// <param name="errors">What is wrong with it is added here, and null is returned.</param>
    public LatentPoint? Point(string text, string? of, LatentSpace space, double truncation, List<string> errors)
    {
        LatentPoint? Wrong(string error)
        {
            errors.Add(error);
            return null;
        }
        if (text.Split('#') is [var file, var name])
        {
            if (!File.Exists(file)) return Wrong($"{text}: there is no file {file}.");
            var latents = Latents.Read(file);
            if (latents.Space != space) return Wrong($"{text} is a point of {latents.Space}, not of {space}.");
            if (latents.Images.FirstOrDefault(i => i.Name == name) is not { } image) return Wrong($"{text}: {file} has no image {name}.");
            return image.Values.Length == Length(space) ? image with { From = text } : Wrong($"{text} has {image.Values.Length} values; the model takes {Length(space)}.");
        }
        var parts = text.Split('@');
        if (parts.Length > 2 || !long.TryParse(parts[0], System.Globalization.CultureInfo.InvariantCulture, out var seed)) return Wrong($"{text} is no point: a seed (7), a seed of a class (7@{Plan.Classes[0]}) or FILE#NAME.");
        var className = parts.Length == 2 ? parts[1] : of ?? (Plan.Classes.Count == 1 ? Plan.Classes[0] : null);
        if (className is null) return Wrong($"{text} needs a class, {string.Join(" or ", Plan.Classes)}: {text}@{Plan.Classes[0]}, or --class.");
        if (!Plan.Classes.Contains(className)) return Wrong($"The model has no class {className}; it has {string.Join(", ", Plan.Classes)}.");
        var z = Generator.Latent(seed);
        return new LatentPoint("", text, className, space == LatentSpace.Z ? z : Generator.Styles.Of(className, z, truncation));
    }

    /// <summary>Several points; null where one of them is wrong.</summary>
    public IReadOnlyList<LatentPoint>? Points(IEnumerable<string> texts, string? of, LatentSpace space, double truncation, List<string> errors)
    {
        LatentPoint?[] points = [.. texts.Select(text => Point(text, of, space, truncation, errors))];
        return points.Contains(null) ? null : [.. points.Select(p => p!)];
    }

    /// <summary>The images of points: of 2.5-dimensional models the middle slice.</summary>
    public float[][] Images(IReadOnlyList<LatentPoint> points, LatentSpace space, double truncation)
    {
        var area = Plan.ImageSize * Plan.ImageSize;
        var images = space == LatentSpace.W
            ? Generator.Styles.Images([.. points.Select(p => p.Values)])
            : [.. points.Select(p => Generator.FromLatents(p.Class, [p.Values], truncation)[0])];
        return [.. images.Select(image => image[(Plan.Channels / 2 * area)..((Plan.Channels / 2 + 1) * area)])];
    }

    public void Dispose() => Generator.Dispose();

    private const string StyledMethod = "stylegan2-ada";

    private int Length(LatentSpace space) => space == LatentSpace.W ? Generator.Styles.Layers * Generator.Styles.Dimensions : Generator.Latent(1).Length;
}

/// <summary>Where points lie.</summary>
internal enum LatentSpace
{
    /// <summary>Normal latents.</summary>
    Z,

    /// <summary>Styles, one for each layer.</summary>
    W,
}
