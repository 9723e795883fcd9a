using System.Text.Json;
using System.Text.Json.Nodes;

namespace MedGan.Jobs.Pacs;

/// <summary>What an archive says of the instances of a STOW-RS request (PS3.18 section 10.5.3 and annex I.2), as DICOM JSON.</summary>
/// <param name="Stored">SOP Instance UIDs that it has: stored now, stored with a warning, or there already.</param>
/// <param name="Failed">SOP Instance UIDs that it has not, with the failure reason of PS3.18 table I.2-2.</param>
internal sealed record StowAcknowledgement(IReadOnlyList<string> Stored, IReadOnlyDictionary<string, int> Failed)
{
    private const string ReferencedSop = "00081199", FailedSop = "00081198", SopInstance = "00081155", FailureReason = "00081197";
    private const int DuplicateSopInstance = 0x0111; // PS3.7 annex C: it is there already, and that is all we want

    /// <summary>Takes the body apart; null where it is none.</summary>
    public static StowAcknowledgement? Read(string body)
    {
        try
        {
            var answer = JsonNode.Parse(body) switch
            {
                JsonArray { Count: > 0 } array => array[0],
                var node => node,
            };
            if (answer is not JsonObject) return null;
            var failed = Items(answer, FailedSop).Select(item => (Uid: Text(item, SopInstance), Reason: Number(item, FailureReason))).Where(f => f.Uid is not null).ToList();
            return new StowAcknowledgement(
                [.. Items(answer, ReferencedSop).Select(item => Text(item, SopInstance)).OfType<string>(), .. failed.Where(f => f.Reason == DuplicateSopInstance).Select(f => f.Uid!)],
                failed.Where(f => f.Reason != DuplicateSopInstance).DistinctBy(f => f.Uid).ToDictionary(f => f.Uid!, f => f.Reason));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static IEnumerable<JsonNode> Items(JsonNode answer, string tag) => (answer[tag]?["Value"] as JsonArray ?? []).OfType<JsonNode>();

    private static string? Text(JsonNode item, string tag) => item[tag]?["Value"]?[0]?.GetValue<string>();

    private static int Number(JsonNode item, string tag) => item[tag]?["Value"]?[0]?.GetValue<int>() ?? 0;
}
