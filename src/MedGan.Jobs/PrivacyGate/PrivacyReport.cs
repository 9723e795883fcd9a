using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MedGan.Dicom.Volumes;
using MedGan.Privacy.ReleaseGate;

namespace MedGan.Jobs.PrivacyGate;

/// <summary>The privacy report of a synthetic set: one gate report for each generated modality, and the sums.</summary>
public sealed record PrivacyReport(Guid Set, Guid Training, IReadOnlyDictionary<Modality, GateReport> Modalities)
{
    /// <summary>Images released, over both modalities.</summary>
    public int Released => Modalities.Values.Sum(report => report.Released);

    /// <summary>Images withheld, over both modalities.</summary>
    public int Withheld => Modalities.Values.Sum(report => report.Withheld);

    /// <summary>As stored and handed out: <c>{"version", "set", "training", "released", "withheld", "modalities": {"ct": ..., "mr": ...}}</c>.</summary>
    public string ToJson()
    {
        var modalities = new JsonObject();
        foreach (var (modality, report) in Modalities.OrderBy(pair => pair.Key)) modalities[Key(modality)] = JsonNode.Parse(report.ToJson());
        return new JsonObject
        {
            ["version"] = 1,
            ["set"] = Set,
            ["training"] = Training,
            ["released"] = Released,
            ["withheld"] = Withheld,
            ["modalities"] = modalities,
        }.ToJsonString(JobJson.Indented);
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static PrivacyReport FromJson(string json)
    {
        if (JsonNode.Parse(json) is not JsonObject root || root["modalities"] is not JsonObject modalities)
            throw new JsonException("This is not a privacy report.");
        return new PrivacyReport(root["set"].Deserialize<Guid>(), root["training"].Deserialize<Guid>(), modalities.ToDictionary(
            pair => Enum.Parse<Modality>(pair.Key, ignoreCase: true),
            pair => GateReport.FromJson(pair.Value?.ToJsonString() ?? "null")));
    }

    /// <summary>As Markdown, for people.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $"# Privacy of synthetic set {Set}\n\n{Released} images released, {Withheld} withheld. Model: training {Training}.\n");
        foreach (var (modality, report) in Modalities.OrderBy(pair => pair.Key))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n# Synthetic {modality}\n\n");
            text.Append(Below(report.ToMarkdown()));
        }
        return text.ToString();
    }

    /// <summary>A gate report's headings one level down, without its title.</summary>
    private static string Below(string markdown) => string.Join('\n', markdown.Split('\n')
        .Where(line => !line.StartsWith("# ", StringComparison.Ordinal))
        .Select(line => line.StartsWith("##", StringComparison.Ordinal) ? "#" + line : line)).TrimStart('\n');

    private static string Key(Modality modality) => modality.ToString().ToLowerInvariant();
}
