using System.Text.Json;

namespace MedGan.Demo.Service;

// What the service answers, as far as the demo reads it.

internal sealed record CohortAnswer(string Name, List<SeriesAnswer> Series);

internal sealed record SeriesAnswer(string Id, string Patient, string? Modality, string State, string? Reason, List<string>? Notes, int Instances);

internal sealed record ArchiveAnswer(int Stored, Guid? IngestJob);

internal sealed record StartedAnswer(Guid Id, Guid Job);

internal sealed record JobAnswer(Guid Id, string Kind, string State, double Progress, string? Message, string? Error);

internal sealed record TrainingAnswer(Guid Id, string State, string? SnapshotSha256, JsonElement? Card);

internal sealed record LossAnswer(long Step, double Generator, double DiscriminatorA, double DiscriminatorB, double Cycle, double Identity);

internal sealed record GenerationAnswer(Guid Id, string State, Dictionary<string, Guid> Jobs, List<SyntheticSeriesAnswer> Series);

internal sealed record SyntheticSeriesAnswer(string Id, string SourceSeries, string SourceSplit, string Modality, string SeriesInstanceUid, int Released, int Withheld);
