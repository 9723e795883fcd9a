namespace MedGan.Storage.Queue;

/// <summary>Turn stored series into checked volumes.</summary>
public sealed record IngestRequest(string Project, string Cohort, IReadOnlyList<Guid> SeriesIds);

/// <summary>Train a model.</summary>
public sealed record TrainRequest(Guid TrainingId);

/// <summary>Generate a synthetic set into quarantine.</summary>
public sealed record GenerateRequest(Guid SetId);

/// <summary>Judge a generated set.</summary>
public sealed record PrivacyGateRequest(Guid SetId);

/// <summary>Write what was released as synthetic DICOM.</summary>
public sealed record PublishRequest(Guid SetId);
