using MedGan.Demo.Evaluation;
using MedGan.Demo.Service;

namespace MedGan.Demo.Reporting;

/// <summary>Everything that the main job gave, as far as the report tells of it.</summary>
internal sealed record DemoResult
{
    public required string Source { get; init; }
    public required double Minutes { get; init; }
    public required double TotalSeconds { get; init; }
    public required IReadOnlyList<CohortAnswer> Cohorts { get; init; }
    public required TrainingAnswer Training { get; init; }
    public required IReadOnlyList<LossAnswer> Losses { get; init; }
    public required GenerationAnswer Generation { get; init; }
    public required PrivacyAnswer Privacy { get; init; }
    public required TruthComparison? Truth { get; init; }
    public required byte[] SamplesPng { get; init; }
    public required byte[]? ContactSheetPng { get; init; }
    public required byte[] NearestPairsPng { get; init; }
    public required byte[]? TruthPng { get; init; }
    public required int AuditLeaves { get; init; }

    /// <summary>The phantom's bar: the error is at least this much smaller than that of either trivial answer.</summary>
    public const double LeastGain = 0.25;

    /// <summary>Whether the run shows what it must. A gate that withholds everything has done its work, and the report says why.</summary>
    public bool Met => Truth is null || Truth.Gain >= LeastGain;
}
