using System.CommandLine;
using System.Globalization;

namespace MedGan.Jobs.CommandLine.Latent;

/// <summary><c>latent mix MODEL --coarse P... --fine P... --out DIR</c>: style mixing, each coarse point with each fine one.</summary>
internal static class MixVerb
{
    private static readonly Option<string[]> Coarse = new("--coarse") { Description = "Points whose first layers are taken: shape.", Required = true, AllowMultipleArgumentsPerToken = true, HelpName = "POINT" };
    private static readonly Option<string[]> Fine = new("--fine") { Description = "Points whose last layers are taken: texture.", Required = true, AllowMultipleArgumentsPerToken = true, HelpName = "POINT" };
    private static readonly Option<int?> FromLayer = new("--from-layer") { Description = "The first layer that is the fine point's, 0 .. the number of layers; half of them without it.", HelpName = "N" };

    public static Command Command { get; } = Make();

    private static Command Make()
    {
        var command = new Command("mix", "The first layers' styles of some points with the last layers' of others.") { LatentVerb.Model, Coarse, Fine, FromLayer, LatentVerb.Class, LatentVerb.Truncation, LatentVerb.Out, LatentVerb.Format, LatentVerb.AsJson };
        command.SetAction((parsed, ct) => Task.FromResult(Run(parsed, ct)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken ct)
    {
        using var model = LatentModel.Load(parsed.GetRequiredValue(LatentVerb.Model).FullName, needsStyles: true);
        var (styles, errors) = (model.Generator.Styles, new List<string>());
        LatentVerb.CheckTruncation(parsed, errors);
        var from = parsed.GetValue(FromLayer) ?? styles.Layers / 2;
        if (from < 0 || from > styles.Layers) errors.Add($"--from-layer must be from 0 to {styles.Layers}, not {from}.");
        var truncation = errors.Count == 0 ? parsed.GetValue(LatentVerb.Truncation) : 1;
        var coarse = model.Points(parsed.GetRequiredValue(Coarse), parsed.GetValue(LatentVerb.Class), LatentSpace.W, truncation, errors);
        var fine = model.Points(parsed.GetRequiredValue(Fine), parsed.GetValue(LatentVerb.Class), LatentSpace.W, truncation, errors);
        LatentVerb.Refuse(errors);

        string Name(string kind, int index) => string.Create(CultureInfo.InvariantCulture, $"{kind}{index + 1:000}");
        LatentPoint[] points =
        [
            .. coarse!.Select((p, i) => p with { Name = Name("coarse", i) }),
            .. fine!.Select((p, i) => p with { Name = Name("fine", i) }),
            .. coarse!.SelectMany((c, i) => fine!.Select((f, k) => new LatentPoint(
                $"{Name("coarse", i)}-{Name("fine", k)}", $"{c.From} to layer {from}, then {f.From}", c.Class, styles.Mix(c.Values, f.Values, from)))),
        ];
        ct.ThrowIfCancellationRequested();
        var images = model.Images(points, LatentSpace.W, truncation);
        var (rows, columns) = (coarse!.Count, fine!.Count);
        float[] empty = [.. Enumerable.Repeat(-1f, images[0].Length)];
        IEnumerable<(string, IReadOnlyList<float[]>)> sheet =
        [
            ("", [empty, .. images.Skip(rows).Take(columns)]),
            .. Enumerable.Range(0, rows).Select(i => ($"{i + 1}", (IReadOnlyList<float[]>)[images[i], .. images.Skip(rows + columns + i * columns).Take(columns)])),
        ];
        return LatentVerb.Write(parsed, model, LatentSpace.W, points, images, sheet, null, ct);
    }
}
