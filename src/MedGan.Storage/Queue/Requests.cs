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

/// <summary>Fetch a study of a picture archive into a cohort. Which one is in <see cref="Pacs.StudyFetches"/>.</summary>
public sealed record FetchRequest(string Project, string Cohort, string Pacs);

/// <summary>Deliver what was released of a set to a picture archive.</summary>
public sealed record DeliverRequest(Guid SetId, string Pacs);

/// <summary>Take in a payload of the informatics gateway.</summary>
public sealed record PayloadRequest(string Project, string Cohort, Guid Payload);

/// <summary>Export what was released of a set through the informatics gateway.</summary>
public sealed record ExportPayloadRequest(Guid SetId);
