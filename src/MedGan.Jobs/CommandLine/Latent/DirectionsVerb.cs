using System.CommandLine;
using System.Globalization;

namespace MedGan.Jobs.CommandLine.Latent;

/// <summary><c>latent directions MODEL --point P --out DIR</c>: a point moved along the directions that SeFa finds.</summary>
internal static class DirectionsVerb
{
    private static readonly Option<string> Point = new("--point") { Description = "The point that is moved.", DefaultValueFactory = _ => "1", HelpName = "POINT" };
    private static readonly Option<int> Count = new("--count") { Description = "Directions, the strongest first.", DefaultValueFactory = _ => 5, HelpName = "N" };
    private static readonly Option<double> Amount = new("--amount") { Description = "How far it is moved to either side, in W.", DefaultValueFactory = _ => 3, HelpName = "A" };
    private static readonly Option<int> Steps = new("--steps") { Description = "Images along a direction, at least 2.", DefaultValueFactory = _ => 7, HelpName = "N" };
    private static readonly Option<int?> FromLayer = new("--from-layer") { Description = "The first layer that is moved; 0 without it.", HelpName = "N" };
    private static readonly Option<int?> ToLayer = new("--to-layer") { Description = "The layer before which moving ends; the number of layers without it.", HelpName = "N" };

    public static Command Command { get; } = Make();

    private static Command Make()
    {
        var command = new Command("directions", "The directions that change styles most (SeFa), and a point moved along them. What each means is for you to see.") { LatentVerb.Model, Point, Count, Amount, Steps, FromLayer, ToLayer, LatentVerb.Class, LatentVerb.Truncation, LatentVerb.Out, LatentVerb.Format, LatentVerb.AsJson };
        command.SetAction((parsed, ct) => Task.FromResult(Run(parsed, ct)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken ct)
    {
        using var model = LatentModel.Load(parsed.GetRequiredValue(LatentVerb.Model).FullName, needsStyles: true);
        var (styles, errors) = (model.Generator.Styles, new List<string>());
        var (count, steps, amount) = (parsed.GetValue(Count), parsed.GetValue(Steps), parsed.GetValue(Amount));
        var (first, last) = (parsed.GetValue(FromLayer) ?? 0, parsed.GetValue(ToLayer) ?? styles.Layers);
        LatentVerb.CheckTruncation(parsed, errors);
        if (count < 1 || count > styles.Dimensions) errors.Add($"--count must be from 1 to {styles.Dimensions}, not {count}.");
        if (steps < 2) errors.Add($"--steps must be at least 2, not {steps}.");
        if (!double.IsFinite(amount) || amount <= 0) errors.Add(string.Create(CultureInfo.InvariantCulture, $"--amount must be above 0, not {amount}."));
        if (first < 0 || last > styles.Layers || first >= last) errors.Add($"--from-layer and --to-layer must be from 0 to {styles.Layers}, the first below the second, not {first} and {last}.");
        var truncation = errors.Count == 0 ? parsed.GetValue(LatentVerb.Truncation) : 1;
        var start = model.Point(parsed.GetRequiredValue(Point), parsed.GetValue(LatentVerb.Class), LatentSpace.W, truncation, errors);
        LatentVerb.Refuse(errors);

        var directions = styles.Directions(count);
        LatentPoint[] points = [.. directions.SelectMany((direction, d) => Enumerable.Range(0, steps).Select(i =>
        {
            var moved = amount * (2.0 * i / (steps - 1) - 1);
            return new LatentPoint(
                string.Create(CultureInfo.InvariantCulture, $"direction{d + 1:00}/{i + 1:000}"), string.Create(CultureInfo.InvariantCulture, $"{start!.From} moved by {moved:0.###} along direction {d + 1}"), start.Class,
                styles.Move(start.Values, direction, moved, first..last));
        }))];
        ct.ThrowIfCancellationRequested();
        var images = model.Images(points, LatentSpace.W, truncation);
        return LatentVerb.Write(parsed, model, LatentSpace.W, points, images, images.Chunk(steps).Select((row, i) => ($"{i + 1}", (IReadOnlyList<float[]>)row)), directions, ct);
    }
}
