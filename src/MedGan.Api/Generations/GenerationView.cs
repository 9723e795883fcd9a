using System.Text.Json.Nodes;
using MedGan.Storage.Records;

namespace MedGan.Api.Generations;

/// <summary>A synthetic set in a list.</summary>
public sealed record GenerationSummary(Guid Id, SyntheticSetState State, Guid Training, DateTimeOffset CreatedAt);

/// <summary>One synthetic series: what it was translated from, and how the gate judged it.</summary>
public sealed record SyntheticSeriesView(
    Guid Id, string SourcePatient, Guid SourceSeries, SourceSplit SourceSplit, string Modality, string StudyInstanceUid, string SeriesInstanceUid,
    int Released, int Withheld);

/// <summary>Sums over a synthetic set.</summary>
public sealed record GenerationTotals(int Series, int Released, int Withheld);

/// <summary>A synthetic set as a client sees it. Jobs: stage to job id.</summary>
public sealed record GenerationView(
    Guid Id, SyntheticSetState State, Guid Training, JsonNode? Jobs, IReadOnlyList<SyntheticSeriesView> Series, GenerationTotals Summary, DateTimeOffset CreatedAt)
{
    /// <summary>From its rows.</summary>
    public static GenerationView Of(SyntheticSetRecord set, IReadOnlyList<SyntheticSeriesRecord> series) => new(
        set.Id, set.State, set.TrainingId, JsonNode.Parse(set.JobIds),
        [.. series.Select(s => new SyntheticSeriesView(
            s.Id, s.SourcePatientPseudonym, s.SourceSeriesId, s.SourceSplit, s.TargetModality, s.StudyInstanceUid, s.SeriesInstanceUid,
            s.ReleasedCount, s.WithheldCount))],
        new GenerationTotals(series.Count, series.Sum(s => s.ReleasedCount), series.Sum(s => s.WithheldCount)),
        set.CreatedAt);
}
