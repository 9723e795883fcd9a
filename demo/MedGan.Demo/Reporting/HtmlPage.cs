using System.Net;
using System.Text;

namespace MedGan.Demo.Reporting;

/// <summary>A self-contained HTML page: pictures are embedded, nothing is loaded.</summary>
internal sealed class HtmlPage(string title)
{
    private readonly StringBuilder _body = new();

    public static string Escape(string? text) => WebUtility.HtmlEncode(text ?? "");

    public HtmlPage Lead(string html) => Raw($"<p class='lead'>{html}</p>");
    public HtmlPage Section(string heading) => Raw($"<h2>{Escape(heading)}</h2>");
    public HtmlPage Text(string html) => Raw($"<p>{html}</p>");
    public HtmlPage Raw(string html) { _body.Append(html).Append('\n'); return this; }

    /// <summary>A picture with its caption.</summary>
    public HtmlPage Picture(byte[] png, string caption) =>
        Raw($"<figure><img alt='{Escape(caption)}' src='data:image/png;base64,{Convert.ToBase64String(png)}'><figcaption>{Escape(caption)}</figcaption></figure>");

    /// <summary>A table; cells are escaped.</summary>
    public HtmlPage Table(IEnumerable<string> heads, IEnumerable<IEnumerable<string>> rows)
    {
        _body.Append("<div class='scroll'><table><thead><tr>");
        foreach (var head in heads) _body.Append("<th>").Append(Escape(head)).Append("</th>");
        _body.Append("</tr></thead><tbody>");
        foreach (var row in rows)
        {
            _body.Append("<tr>");
            foreach (var cell in row) _body.Append("<td>").Append(Escape(cell)).Append("</td>");
            _body.Append("</tr>");
        }
        return Raw("</tbody></table></div>");
    }

    public override string ToString() => $$"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
        <title>{{Escape(title)}}</title>
        <style>
        :root { color-scheme: light; }
        body { font: 16px/1.55 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; color: #1c2733; background: #f4f6f8; margin: 0; }
        main { max-width: 1000px; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; background: #fff; min-height: 100vh; box-sizing: border-box; }
        h1 { font-size: 1.8rem; margin: 0 0 .4rem; } h2 { font-size: 1.25rem; margin: 2.6rem 0 .6rem; border-top: 1px solid #d8dee4; padding-top: 1.4rem; }
        .lead { font-size: 1.08rem; color: #33475b; } .good { color: #12643a; font-weight: 600; } .bad { color: #a1261c; font-weight: 600; }
        figure { margin: 1rem 0; } figure img { max-width: 100%; height: auto; background: #000; display: block; image-rendering: auto; } figcaption { color: #55677a; font-size: .9rem; margin-top: .4rem; }
        table { border-collapse: collapse; font-size: .93rem; } th, td { text-align: left; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid #e3e8ed; vertical-align: top; }
        th { font-weight: 600; color: #33475b; } td { font-variant-numeric: tabular-nums; } .scroll { overflow-x: auto; max-height: 26rem; overflow-y: auto; }
        svg { width: 100%; height: auto; font: 12px system-ui, sans-serif; fill: #33475b; } code { background: #eef1f4; padding: .1em .35em; border-radius: 3px; }
        </style></head><body><main>
        <h1>{{Escape(title)}}</h1>
        {{_body}}
        </main></body></html>
        """;
}
