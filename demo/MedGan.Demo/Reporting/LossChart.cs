using System.Globalization;
using System.Text;
using MedGan.Demo.Service;

namespace MedGan.Demo.Reporting;

/// <summary>Training losses as inline SVG: one smoothed line a loss, on a logarithmic axis.</summary>
internal static class LossChart
{
    private const int Width = 860, Height = 300, Left = 52, Right = 150, Top = 14, Bottom = 34;

    public static string Svg(IReadOnlyList<LossAnswer> losses)
    {
        if (losses.Count < 2) return "<p>Too few steps for a curve.</p>";
        (string Name, string Colour, double[] Values)[] lines =
        [
            ("generators (total)", "#1f4e79", Smooth(losses, l => l.Generator)),
            ("cycle", "#2e8b57", Smooth(losses, l => l.Cycle)),
            ("identity", "#8a6d00", Smooth(losses, l => l.Identity)),
            ("discriminator CT", "#b03a2e", Smooth(losses, l => l.DiscriminatorA)),
            ("discriminator MR", "#7d3c98", Smooth(losses, l => l.DiscriminatorB)),
        ];
        var positive = lines.SelectMany(l => l.Values).Where(v => v > 0).ToList();
        if (positive.Count == 0) return "<p>No losses were recorded.</p>";
        double low = Math.Floor(Math.Log10(positive.Min())), high = Math.Ceiling(Math.Log10(positive.Max()));
        if (high <= low) high = low + 1;
        double X(int i) => Left + (Width - Left - Right) * (double)i / (losses.Count - 1);
        double Y(double v) => Top + (Height - Top - Bottom) * (high - Math.Log10(Math.Max(v, Math.Pow(10, low)))) / (high - low);

        var svg = new StringBuilder().Append(CultureInfo.InvariantCulture, $"<svg viewBox='0 0 {Width} {Height}' role='img' aria-label='Training losses'>");
        for (var power = (int)low; power <= high; power++)
            svg.Append(CultureInfo.InvariantCulture, $"<line x1='{Left}' x2='{Width - Right}' y1='{Y(Math.Pow(10, power)):0.#}' y2='{Y(Math.Pow(10, power)):0.#}' stroke='#ddd'/><text x='{Left - 6}' y='{Y(Math.Pow(10, power)) + 4:0.#}' text-anchor='end'>{Math.Pow(10, power):g3}</text>");
        for (var i = 0; i < lines.Length; i++)
        {
            var points = string.Join(' ', lines[i].Values.Select((v, at) => string.Create(CultureInfo.InvariantCulture, $"{X(at):0.#},{Y(v):0.#}")));
            svg.Append(CultureInfo.InvariantCulture, $"<polyline fill='none' stroke='{lines[i].Colour}' stroke-width='1.6' points='{points}'/><text x='{Width - Right + 10}' y='{Top + 14 + 18 * i}' fill='{lines[i].Colour}'>{lines[i].Name}</text>");
        }
        return svg.Append(CultureInfo.InvariantCulture, $"<text x='{Left}' y='{Height - 10}'>step {losses[0].Step}</text><text x='{Width - Right}' y='{Height - 10}' text-anchor='end'>step {losses[^1].Step}</text></svg>").ToString();
    }

    private static double[] Smooth(IReadOnlyList<LossAnswer> losses, Func<LossAnswer, double> of)
    {
        var window = Math.Max(1, losses.Count / 80);
        return [.. Enumerable.Range(0, losses.Count).Select(i => losses.Skip(Math.Max(0, i - window)).Take(2 * window + 1).Average(of))];
    }
}
