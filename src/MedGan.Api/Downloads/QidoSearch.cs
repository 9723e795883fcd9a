using System.Text.Json.Nodes;

namespace MedGan.Api.Downloads;

/// <summary>Searches released data (QIDO-RS, PS3.18 section 10.6).</summary>
public sealed class QidoSearch(ReleasedCatalog catalog)
{
    private const string ModalitiesInStudy = "00080061", Modality = "00080060", Availability = "00080056", RetrieveUrl = "00081190",
        StudySeries = "00201206", StudyInstances = "00201208", SeriesInstances = "00201209";

    /// <summary>The answers of one page, as DICOM JSON data sets.</summary>
    /// <param name="project">Whose released data.</param>
    /// <param name="level">What one answer stands for.</param>
    /// <param name="study">Only this study, or null.</param>
    /// <param name="series">Only this series, or null.</param>
    /// <param name="query">Matches, attributes and page.</param>
    /// <param name="baseUrl">Address of the DICOMweb service, for Retrieve URL.</param>
    /// <param name="ct">Stops the search.</param>
    public async Task<List<JsonObject>> RunAsync(
        string project, QidoLevel level, string? study, string? series, QidoParameters query, string baseUrl, CancellationToken ct)
    {
        var rows = await catalog.FindAsync(project, study, series, null, ct);
        var parsed = rows.ConvertAll(row => (Row: row, Attributes: JsonNode.Parse(row.Instance.AttributesJson)!.AsObject()));
        var modalities = parsed.ToLookup(p => p.Row.StudyInstanceUid, p => ValueOf(p.Attributes, Modality));
        return [.. parsed
            .GroupBy(p => level.KeyOf(p.Row))
            .Where(group => group.Any(p => query.Matches.All(m => Holds(p.Attributes, modalities[p.Row.StudyInstanceUid], m.Key, m.Value))))
            .Skip(query.Offset)
            .Take(query.Limit)
            .Select(group => Answer(level, group.First().Row, group.First().Attributes, rows, modalities, query, baseUrl))];
    }

    private static bool Holds(JsonObject attributes, IEnumerable<string> modalities, string tag, string wanted) =>
        tag == ModalitiesInStudy
            ? wanted is "" or "*" || modalities.Intersect(wanted.Split(',', '\\')).Any()
            : AttributeMatch.Holds(attributes, tag, wanted);

    private static JsonObject Answer(
        QidoLevel level, ReleasedInstanceRow row, JsonObject attributes, List<ReleasedInstanceRow> rows,
        ILookup<string, string> modalities, QidoParameters query, string baseUrl)
    {
        var answer = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var (tag, value) in attributes)
        {
            if (query.IncludeAll || level.Attributes.Contains(tag) || query.Include.Contains(tag) || query.Matches.ContainsKey(tag))
            {
                answer[tag] = value?.DeepClone();
            }
        }
        answer[Availability] = Attribute("CS", "ONLINE");
        var url = $"{baseUrl}/studies/{row.StudyInstanceUid}";
        if (level != QidoLevel.Instances)
        {
            var inStudy = rows.Where(r => r.StudyInstanceUid == row.StudyInstanceUid).ToList();
            answer[StudySeries] = Attribute("IS", inStudy.Select(r => r.SeriesInstanceUid).Distinct().Count());
            answer[StudyInstances] = Attribute("IS", inStudy.Count);
            answer[ModalitiesInStudy] = Attribute("CS", [.. modalities[row.StudyInstanceUid].Distinct().Order(StringComparer.Ordinal)]);
        }
        if (level == QidoLevel.Series)
        {
            answer[SeriesInstances] = Attribute("IS", rows.Count(r => r.SeriesInstanceUid == row.SeriesInstanceUid));
        }
        if (level != QidoLevel.Studies)
        {
            url += $"/series/{row.SeriesInstanceUid}";
        }
        if (level == QidoLevel.Instances)
        {
            url += $"/instances/{row.Instance.SopInstanceUid}";
        }
        answer[RetrieveUrl] = Attribute("UR", url);
        return new JsonObject(answer);
    }

    private static string ValueOf(JsonObject attributes, string tag) => attributes[tag]?["Value"]?[0]?.ToString() ?? "";

    private static JsonObject Attribute(string vr, params JsonNode?[] values) => new() { ["vr"] = vr, ["Value"] = new JsonArray(values) };

    private static JsonObject Attribute(string vr, string[] values) => Attribute(vr, [.. values.Select(JsonNode? (v) => JsonValue.Create(v))]);
}
