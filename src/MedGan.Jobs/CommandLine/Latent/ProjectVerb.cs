using System.CommandLine;
using System.Globalization;

namespace MedGan.Jobs.CommandLine.Latent;

/// <summary><c>latent project MODEL --in DIR --out DIR</c>: the styles whose images are nearest to given ones.</summary>
internal static class ProjectVerb
{
    private static readonly Option<string> In = new("--in") { Description = "A folder of images to look for.", Required = true, HelpName = "DIR" };
    private static readonly Option<int> Steps = new("--steps") { Description = "Of the search, at least 1.", DefaultValueFactory = _ => 300, HelpName = "N" };
    private static readonly Option<bool> EveryLayer = new("--every-layer") { Description = "Each layer may have a style of its own: nearer, but further from what the model knows." };
    private static readonly Option<long> Seed = new("--seed") { Description = "Of the search's noise.", DefaultValueFactory = _ => 1 };

    public static Command Command { get; } = Make();

    private static Command Make()
    {
        var command = new Command("project", "The styles whose images are nearest to those of a folder. Its images' classes are their sub-folders' where the model has them, else --class.") { LatentVerb.Model, In, Steps, EveryLayer, Seed, LatentVerb.Class, LatentVerb.Out, LatentVerb.Format, LatentVerb.AsJson };
        command.SetAction((parsed, ct) => Task.FromResult(Run(parsed, ct)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken ct)
    {
        using var model = LatentModel.Load(parsed.GetRequiredValue(LatentVerb.Model).FullName, needsStyles: true);
        var (plan, errors, of) = (model.Plan, new List<string>(), parsed.GetValue(LatentVerb.Class));
        if (parsed.GetValue(Steps) < 1) errors.Add($"--steps must be at least 1, not {parsed.GetValue(Steps)}.");
        if (of is not null && !plan.Classes.Contains(of)) errors.Add($"The model has no class {of}; it has {string.Join(", ", plan.Classes)}.");
        LatentVerb.Refuse(errors);
        var folder = ModelFolders.ReadImages(parsed.GetRequiredValue(In), plan.ImageSize, model.Data, ct);
        string? ClassOf(string own) => plan.Classes.Contains(own) ? own : of ?? (plan.Classes.Count == 1 ? plan.Classes[0] : null);
        errors.AddRange(folder.Classes.Where(own => ClassOf(own) is null).Select(own => $"The model has no class {own}, which is the folder's: name one of {string.Join(", ", plan.Classes)} with --class."));
        LatentVerb.Refuse(errors);

        var (points, images, area) = (new List<LatentPoint>(), new List<float[]>(), plan.ImageSize * plan.ImageSize);
        foreach (var image in folder.Images)
        {
            var found = model.Generator.Styles.Project(folder.Stack(image, plan.Channels / 2), ClassOf(image.Class)!, parsed.GetValue(Steps), parsed.GetValue(EveryLayer), parsed.GetValue(Seed), ct);
            points.Add(new LatentPoint(image.Name, $"projection of {image.Name}", ClassOf(image.Class)!, found.Style, found.RootMeanSquareError));
            images.Add(found.Image[(plan.Channels / 2 * area)..((plan.Channels / 2 + 1) * area)]);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{points.Count} of {folder.Images.Count}: {image.Name}, root mean square difference {found.RootMeanSquareError:0.####}"));
        }
        return LatentVerb.Write(parsed, model, LatentSpace.W, points, images, folder.Images.Zip(images, (real, made) => (real.Name, (IReadOnlyList<float[]>)[real.Pixels, made])), null, ct);
    }
}
