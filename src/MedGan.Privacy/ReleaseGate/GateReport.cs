using System.Text.Json;
using System.Text.Json.Serialization;
using MedGan.Privacy.Memorization;

namespace MedGan.Privacy.ReleaseGate;

/// <summary>The final word on one image.</summary>
public enum Verdict
{
    /// <summary>Sealed and free to be published.</summary>
    Released,
    /// <summary>Stays in quarantine.</summary>
    Withheld,
}

/// <summary>The threshold of one view.</summary>
/// <param name="Detector">The view.</param>
/// <param name="HeldOutMedian">Median similarity of a held-out image to its closest training image.</param>
/// <param name="HeldOutMaximum">The largest one.</param>
/// <param name="Percentile95">95th percentile.</param>
/// <param name="Tail">The extreme-value tail's quantile.</param>
/// <param name="Threshold">The larger of the two: what withholds an image when exceeded.</param>
public sealed record DetectorThreshold(
    string Detector, double HeldOutMedian, double HeldOutMaximum, double Percentile95, double Tail, double Threshold);

/// <summary>What the thresholds rest on.</summary>
/// <param name="Kind">Same or other modality.</param>
/// <param name="Patients">Held-out patients.</param>
/// <param name="Images">Held-out images used.</param>
/// <param name="EmptyImages">Held-out images left out because they show only air.</param>
/// <param name="SamePatientImages">Held-out images left out because their patient is among the training patients.</param>
/// <param name="SuspectedDuplicates">Held-out images left out because they are practically identical to a training image.</param>
/// <param name="TargetFalseAlarm">Accepted false-alarm probability per image, all views together.</param>
/// <param name="Thresholds">One per view.</param>
public sealed record CalibrationReport(
    HeldOutKind Kind, int Patients, int Images, int EmptyImages, int SamePatientImages, IReadOnlyList<string> SuspectedDuplicates,
    double TargetFalseAlarm, IReadOnlyList<DetectorThreshold> Thresholds);

/// <summary>False alarms: each held-out patient judged by thresholds calibrated on the others.</summary>
/// <param name="Images">Real images that would have been withheld; null where that cannot be measured.</param>
/// <param name="Patients">Patients with at least one such image; null where that cannot be measured.</param>
/// <param name="WhyNotMeasured">A sentence, where it cannot.</param>
public sealed record FalseAlarmReport(RateEstimate? Images, RateEstimate? Patients, string? WhyNotMeasured);

/// <summary>Copies of one kind that were planted, and how many were found.</summary>
/// <param name="Copy">The kind.</param>
/// <param name="Deciding">All of these must be found for anything to be released.</param>
/// <param name="Found">Detection rate.</param>
public sealed record PlantedCopies(string Copy, bool Deciding, RateEstimate Found);

/// <summary>Three-sample test in one view; reported, not deciding. Only where held-out images are of the generated modality.</summary>
/// <param name="Detector">The view.</param>
/// <param name="Z">Far below 0: generated images are closer to the training images than held-out ones.</param>
public sealed record SetCloseness(string Detector, double Z);

/// <summary>One generated image in the report.</summary>
/// <param name="Id">The generated image.</param>
/// <param name="Verdict">Released or withheld.</param>
/// <param name="Evidence">What was measured.</param>
/// <param name="Reasons">Why it was withheld; empty if it was not.</param>
public sealed record ImageReport(string Id, Verdict Verdict, Evidence Evidence, IReadOnlyList<string> Reasons);

/// <summary>The privacy report of one set of generated images.</summary>
public sealed record GateReport
{
    /// <summary>Version of this format.</summary>
    public int Version { get; init; } = 1;

    /// <summary>When the gate judged (UTC).</summary>
    public required DateTimeOffset JudgedAt { get; init; }

    /// <summary>True if thresholds could be calibrated and every exact and mirrored planted copy was found. If false, nothing is released.</summary>
    public required bool Certified { get; init; }

    /// <summary>Why not: plain sentences.</summary>
    public required IReadOnlyList<string> WhyNotCertified { get; init; }

    /// <summary>Training images compared with.</summary>
    public required int TrainingImages { get; init; }

    /// <summary>Their patients.</summary>
    public required int TrainingPatients { get; init; }

    /// <summary>Generated images judged.</summary>
    public required int Generated { get; init; }

    /// <summary>Generated images released, the empty ones included.</summary>
    public required int Released { get; init; }

    /// <summary>Of the released ones: those that show only air.</summary>
    public required int ReleasedEmpty { get; init; }

    /// <summary>Generated images withheld.</summary>
    public required int Withheld { get; init; }

    /// <summary>The thresholds and what they rest on; null if it never came to that.</summary>
    public CalibrationReport? Calibration { get; init; }

    /// <summary>The measured false-alarm rate.</summary>
    public FalseAlarmReport? FalseAlarm { get; init; }

    /// <summary>The gate's own detection rates.</summary>
    public IReadOnlyList<PlantedCopies> SelfTest { get; init; } = [];

    /// <summary>Whether the set as a whole is closer to the training images than real images are; reported, not deciding.</summary>
    public IReadOnlyList<SetCloseness> SetCloseness { get; init; } = [];

    /// <summary>Every generated image, in the order given.</summary>
    public required IReadOnlyList<ImageReport> Images { get; init; }

    /// <summary>The report as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, GateJson.Readable);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static GateReport FromJson(string json) =>
        JsonSerializer.Deserialize<GateReport>(json, GateJson.Readable) ?? throw new JsonException("The report is empty.");

    /// <summary>The report in plain sentences.</summary>
    public string ToMarkdown() => GateReportText.Write(this);
}

/// <summary>The JSON forms of this folder: camelCase, enums as words.</summary>
internal static class GateJson
{
    public static readonly JsonSerializerOptions Readable = Make(indented: true);

    /// <summary>What a seal is computed over: no white space, no unknown and no repeated property accepted.</summary>
    public static readonly JsonSerializerOptions Canonical = Make(indented: false);

    private static JsonSerializerOptions Make(bool indented) => new(JsonSerializerDefaults.Web)
    {
        WriteIndented = indented,
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = indented ? JsonUnmappedMemberHandling.Skip : JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}
