using System.CommandLine;
using System.Globalization;
using MedGan.Models.Sampling;

namespace MedGan.Jobs.CommandLine.Latent;

/// <summary><c>latent interpolate MODEL --points P P... --out DIR</c>: the way from point to point, straight or along the arc.</summary>
internal static class InterpolateVerb
{
    private static readonly Option<string[]> Points = new("--points") { Description = "Two points or more.", Required = true, AllowMultipleArgumentsPerToken = true, HelpName = "POINT" };
    private static readonly Option<int> Steps = new("--steps") { Description = "Images from one point to the next, both among them, at least 2.", DefaultValueFactory = _ => 8, HelpName = "N" };
    private static readonly Option<LatentSpace?> Space = new("--space") { Description = "w (styles, where the model has them) or z.", HelpName = "w|z" };
    private static readonly Option<PathShape?> Shape = new("--path") { Description = "lerp or slerp; lerp in w and slerp in z without it.", HelpName = "lerp|slerp" };

    public static Command Command { get; } = Make();

    private enum PathShape
    {
        Lerp,
        Slerp,
    }

    private static Command Make()
    {
        var command = new Command("interpolate", "The way from point to point.") { LatentVerb.Model, Points, Steps, Space, Shape, LatentVerb.Class, LatentVerb.Truncation, LatentVerb.Out, LatentVerb.Format, LatentVerb.AsJson };
        command.SetAction((parsed, ct) => Task.FromResult(Run(parsed, ct)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken ct)
    {
        using var model = LatentModel.Load(parsed.GetRequiredValue(LatentVerb.Model).FullName, needsStyles: parsed.GetValue(Space) == LatentSpace.W);
        var (space, errors) = (parsed.GetValue(Space) ?? model.DefaultSpace, new List<string>());
        var (truncation, steps) = (parsed.GetValue(LatentVerb.Truncation), parsed.GetValue(Steps));
        LatentVerb.CheckTruncation(parsed, errors);
        if (steps < 2) errors.Add($"--steps must be at least 2, not {steps}.");
        if (parsed.GetRequiredValue(Points).Length < 2) errors.Add("--points must be two or more.");
        var points = model.Points(parsed.GetRequiredValue(Points), parsed.GetValue(LatentVerb.Class), space, errors.Count == 0 ? truncation : 1, errors);
        // a latent means nothing without its class, of which there is no half; a style has the class in it
        if (space == LatentSpace.Z && points?.Select(p => p.Class).Distinct().Count() > 1) errors.Add("In z all points must be of one class; between classes there is a way in w.");
        if (model.DefaultSpace == LatentSpace.Z && truncation != 1) errors.Add($"A model of method {model.Plan.Method} has no styles, which --truncation is of.");
        LatentVerb.Refuse(errors);

        var arc = (parsed.GetValue(Shape) ?? (space == LatentSpace.W ? PathShape.Lerp : PathShape.Slerp)) == PathShape.Slerp;
        var way = new List<LatentPoint>();
        foreach (var ((from, to), leg) in points!.Zip(points!.Skip(1)).Select((pair, i) => (pair, i)))
            for (var i = leg == 0 ? 0 : 1; i < steps; i++)
            {
                var t = (double)i / (steps - 1);
                way.Add(new LatentPoint(
                    (way.Count + 1).ToString("0000", CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"{t:0.###} of the way from {from.From} to {to.From}"), t < 0.5 ? from.Class : to.Class,
                    arc ? LatentPath.Slerp(from.Values, to.Values, t) : LatentPath.Lerp(from.Values, to.Values, t)));
            }
        ct.ThrowIfCancellationRequested();
        var images = model.Images(way, space, truncation);
        return LatentVerb.Write(parsed, model, space, way, images, images.Chunk(steps).Select((row, i) => ($"{i + 1}", (IReadOnlyList<float[]>)row)), null, ct);
    }
}
