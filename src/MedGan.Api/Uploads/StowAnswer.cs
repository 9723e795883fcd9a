using System.Text.Json.Nodes;
using MedGan.Storage.Intake;

namespace MedGan.Api.Uploads;

/// <summary>The answer of a STOW-RS request as DICOM JSON (PS3.18 section 10.5.3 and annex I): new UIDs for what was stored, codes for what was not.</summary>
internal static class StowAnswer
{
    private const string ReferencedSop = "00081199", FailedSop = "00081198", SopClass = "00081150", SopInstance = "00081155",
        FailureReason = "00081197", ErrorComment = "00000902";

    private const int LongestComment = 64; // LO

    /// <summary>200 all stored, 202 some, 409 none (PS3.18 section 10.5.3).</summary>
    public static int StatusOf(IntakeOutcome outcome) =>
        outcome.Rejected.Count == 0 ? StatusCodes.Status200OK : outcome.Stored.Count > 0 ? StatusCodes.Status202Accepted : StatusCodes.Status409Conflict;

    public static JsonObject Of(IntakeOutcome outcome)
    {
        var answer = new JsonObject();
        if (outcome.Stored.Count > 0)
        {
            answer[ReferencedSop] = Sequence(outcome.Stored.Select(s => new JsonObject
            {
                [SopClass] = Attribute("UI", s.SopClassUid),
                [SopInstance] = Attribute("UI", s.SopInstanceUid),
            }));
        }
        if (outcome.Rejected.Count > 0)
        {
            // No original UID goes back; the comment names the part instead.
            answer[FailedSop] = Sequence(outcome.Rejected.Select(r => new JsonObject
            {
                [ErrorComment] = Attribute("LO", Shortened($"Part {r.Index}: {r.Reason}. {r.Detail}")),
                [FailureReason] = Attribute("US", r.FailureReason),
            }));
        }
        return answer;
    }

    private static JsonObject Sequence(IEnumerable<JsonObject> items) => new() { ["vr"] = "SQ", ["Value"] = new JsonArray([.. items]) };

    private static JsonObject Attribute(string vr, JsonNode value) => new() { ["vr"] = vr, ["Value"] = new JsonArray(value) };

    private static string Shortened(string text) => text.Length <= LongestComment ? text : text[..(LongestComment - 3)] + "...";
}
