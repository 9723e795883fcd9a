using System.Text.Json.Nodes;

namespace MedGan.Api.Downloads;

/// <summary>Searches released data (QIDO-RS, PS3.18 section 10.6). Series are looked at by their first instance; instances only where their series matches.</summary>
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
        var all = (await catalog.SeriesAsync(project, study, ct)).ConvertAll(row => new Entry(row, JsonNode.Parse(row.AttributesJson)!.AsObject()));
        var studies = all.ToLookup(e => e.Row.StudyInstanceUid);
        var page = new Page(level, query, baseUrl, studies);
        var matching = all.Where(e => (series is null || e.Row.SeriesInstanceUid == series) && page.Matches(e));
        if (level == QidoLevel.Instances)
        {
            return await InstancesAsync(project, matching, page, ct);
        }
        var found = level == QidoLevel.Studies ? matching.DistinctBy(e => e.Row.StudyInstanceUid) : matching;
        return [.. found.Skip(query.Offset).Take(query.Limit).Select(e => page.Answer(e.Row, null, e.Attributes))];
    }

    private async Task<List<JsonObject>> InstancesAsync(string project, IEnumerable<Entry> matching, Page page, CancellationToken ct)
    {
        var answers = new List<JsonObject>();
        var passed = 0;
        foreach (var series in matching)
        {
            if (answers.Count == page.Query.Limit)
            {
                break;
            }
            foreach (var row in await catalog.FindAsync(project, series.Row.StudyInstanceUid, series.Row.SeriesInstanceUid, null, ct))
            {
                var attributes = JsonNode.Parse(row.Instance.AttributesJson)!.AsObject();
                if (page.Query.Matches.All(m => m.Key == ModalitiesInStudy || AttributeMatch.Holds(attributes, m.Key, m.Value))
                    && passed++ >= page.Query.Offset && answers.Count < page.Query.Limit)
                {
                    answers.Add(page.Answer(series.Row, row.Instance.SopInstanceUid, attributes));
                }
            }
        }
        return answers;
    }

    private sealed record Entry(ReleasedSeriesRow Row, JsonObject Attributes)
    {
        public string Modality => Attributes[QidoSearch.Modality]?["Value"]?[0]?.ToString() ?? "";
    }

    private sealed record Page(QidoLevel Level, QidoParameters Query, string BaseUrl, ILookup<string, Entry> Studies)
    {
        /// <summary>Whether a series can hold answers: by every key, or for instances by those that all of the series share.</summary>
        public bool Matches(Entry entry) => Query.Matches
            .Where(m => Level != QidoLevel.Instances || m.Key == ModalitiesInStudy || QidoLevel.Series.Attributes.Contains(m.Key))
            .All(m => m.Key == ModalitiesInStudy
                ? m.Value is "" or "*" || Studies[entry.Row.StudyInstanceUid].Select(e => e.Modality).Intersect(m.Value.Split(',', '\\')).Any()
                : AttributeMatch.Holds(entry.Attributes, m.Key, m.Value));

        public JsonObject Answer(ReleasedSeriesRow row, string? instance, JsonObject attributes)
        {
            var answer = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
            foreach (var (tag, value) in attributes)
            {
                if (Query.IncludeAll || Level.Attributes.Contains(tag) || Query.Include.Contains(tag) || Query.Matches.ContainsKey(tag))
                {
                    answer[tag] = value?.DeepClone();
                }
            }
            answer[Availability] = Attribute("CS", "ONLINE");
            if (Level != QidoLevel.Instances)
            {
                var inStudy = Studies[row.StudyInstanceUid].ToList();
                answer[StudySeries] = Attribute("IS", inStudy.Count);
                answer[StudyInstances] = Attribute("IS", inStudy.Sum(e => e.Row.Instances));
                answer[ModalitiesInStudy] = Attribute("CS", [.. inStudy.Select(e => e.Modality).Distinct().Order(StringComparer.Ordinal).Select(m => JsonValue.Create(m))]);
            }
            if (Level == QidoLevel.Series)
            {
                answer[SeriesInstances] = Attribute("IS", row.Instances);
            }
            var url = $"{BaseUrl}/studies/{row.StudyInstanceUid}";
            url += Level == QidoLevel.Studies ? "" : $"/series/{row.SeriesInstanceUid}";
            url += instance is null ? "" : $"/instances/{instance}";
            answer[RetrieveUrl] = Attribute("UR", url);
            return new JsonObject(answer);
        }

        private static JsonObject Attribute(string vr, params JsonNode?[] values) => new() { ["vr"] = vr, ["Value"] = new JsonArray(values) };
    }
}
