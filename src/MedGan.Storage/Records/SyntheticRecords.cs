namespace MedGan.Storage.Records;

/// <summary>How far a training has come.</summary>
public enum TrainingState
{
    /// <summary>Waiting for a worker.</summary>
    Queued,
    /// <summary>A worker is at it.</summary>
    Running,
    /// <summary>Its model can generate.</summary>
    Completed,
    /// <summary>Given up; its job says why.</summary>
    Failed,
    /// <summary>Stopped on request.</summary>
    Cancelled,
}

/// <summary>One training and the model that came of it.</summary>
public sealed class TrainingRecord
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }
    /// <summary>The project it belongs to.</summary>
    public required string Project { get; init; }
    /// <summary>Its name, as the researcher gave it.</summary>
    public required string Name { get; init; }
    /// <summary>The job that runs it.</summary>
    public Guid JobId { get; set; }
    /// <summary>Cohort of the CT side.</summary>
    public required string CtCohort { get; init; }
    /// <summary>Cohort of the MR side.</summary>
    public required string MrCohort { get; init; }
    /// <summary>What a method of one direction translates: CT or MR. Null: CT, or both ways.</summary>
    public string? SourceModality { get; init; }
    /// <summary>The plan, JSON.</summary>
    public required string PlanJson { get; set; }
    /// <summary>SHA-256 of the data snapshot, lower-case hex.</summary>
    public string? SnapshotSha256 { get; set; }
    /// <summary>The data snapshot: which series, which content, which split. JSON.</summary>
    public string? SnapshotJson { get; set; }
    /// <summary>State.</summary>
    public TrainingState State { get; set; }
    /// <summary>Its model: what the paths of its files begin with.</summary>
    public string? ModelPath { get; set; }
    /// <summary>Model card, JSON.</summary>
    public string? CardJson { get; set; }
    /// <summary>Model card, Markdown.</summary>
    public string? CardMarkdown { get; set; }
    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>How far a synthetic set has come.</summary>
public enum SyntheticSetState
{
    /// <summary>The model is generating.</summary>
    Generating,
    /// <summary>The privacy gate is judging.</summary>
    Judging,
    /// <summary>What was released is being written as DICOM.</summary>
    Publishing,
    /// <summary>Something was released and can be downloaded.</summary>
    Released,
    /// <summary>The gate released nothing.</summary>
    Withheld,
    /// <summary>A stage failed or was cancelled; its job says why.</summary>
    Failed,
}

/// <summary>What one generation request became.</summary>
public sealed class SyntheticSetRecord
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }
    /// <summary>The project it belongs to.</summary>
    public required string Project { get; init; }
    /// <summary>The training whose model generates.</summary>
    public required Guid TrainingId { get; init; }
    /// <summary>State.</summary>
    public SyntheticSetState State { get; set; }
    /// <summary>The privacy report, JSON.</summary>
    public string? ReportJson { get; set; }
    /// <summary>Its jobs: a JSON object, job kind to id.</summary>
    public string JobIds { get; set; } = "{}";
    /// <summary>The archive for download: a path of <see cref="StoredObjectRecord"/>.</summary>
    public string? ArchivePath { get; set; }
    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Which part of the training split a source patient was in.</summary>
public enum SourceSplit
{
    /// <summary>Trained on.</summary>
    Train,
    /// <summary>Held back for choices during training.</summary>
    Validation,
    /// <summary>Held back altogether.</summary>
    Test,
}

/// <summary>One synthetic series: the translation of one source series.</summary>
public sealed class SyntheticSeriesRecord
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }
    /// <summary>The set it belongs to.</summary>
    public required Guid SetId { get; init; }
    /// <summary>The series it was translated from.</summary>
    public required Guid SourceSeriesId { get; init; }
    /// <summary>Pseudonym of that series' patient.</summary>
    public required string SourcePatientPseudonym { get; init; }
    /// <summary>Which part of the split that patient was in.</summary>
    public required SourceSplit SourceSplit { get; init; }
    /// <summary>CT or MR.</summary>
    public required string TargetModality { get; init; }
    /// <summary>Synthetic Study Instance UID.</summary>
    public required string StudyInstanceUid { get; init; }
    /// <summary>Synthetic Series Instance UID.</summary>
    public required string SeriesInstanceUid { get; init; }
    /// <summary>Synthetic Patient ID.</summary>
    public required string SyntheticPatientId { get; init; }
    /// <summary>Images released.</summary>
    public int ReleasedCount { get; set; }
    /// <summary>Images withheld.</summary>
    public int WithheldCount { get; set; }
    /// <summary>The generated volume in quarantine: a path of <see cref="StoredObjectRecord"/>; null once it was removed.</summary>
    public string? QuarantinePath { get; set; }
}

/// <summary>One released synthetic instance. Nothing else can be downloaded.</summary>
public sealed class ReleasedRecord
{
    /// <summary>SOP Instance UID.</summary>
    public required string SopInstanceUid { get; init; }
    /// <summary>The project it belongs to.</summary>
    public required string Project { get; init; }
    /// <summary>Its series.</summary>
    public required Guid SyntheticSeriesId { get; init; }
    /// <summary>Instance Number (0020,0013).</summary>
    public required int InstanceNumber { get; init; }
    /// <summary>SOP Class UID.</summary>
    public required string SopClassUid { get; init; }
    /// <summary>SHA-256 of the stored file, lower-case hex; "released/PROJECT/SHA256" is its path.</summary>
    public required string Sha256 { get; init; }
    /// <summary>Size of the stored file, bytes.</summary>
    public required long Bytes { get; init; }
    /// <summary>The privacy gate's seal.</summary>
    public required string SealJson { get; init; }
    /// <summary>The instance's attributes without bulk data, as the DICOM JSON model (PS3.18 annex F).</summary>
    public required string AttributesJson { get; init; }
    /// <summary>When it was stored.</summary>
    public required DateTimeOffset StoredAt { get; init; }
}

/// <summary>One generated image that the privacy gate withheld.</summary>
public sealed class WithheldRecord
{
    /// <summary>Growing id.</summary>
    public long Id { get; init; }
    /// <summary>Its series.</summary>
    public required Guid SyntheticSeriesId { get; init; }
    /// <summary>Zero-based slice in the volume.</summary>
    public required int SliceIndex { get; init; }
    /// <summary>Why: a JSON array of sentences.</summary>
    public required string ReasonsJson { get; init; }
    /// <summary>The scores, JSON.</summary>
    public required string EvidenceJson { get; init; }
}
