namespace MedGan.Storage.Records;

/// <summary>A named collection of uploaded series of one project.</summary>
public sealed class CohortRecord
{
    /// <summary>The project it belongs to.</summary>
    public required string Project { get; init; }
    /// <summary>Its name, unique in the project.</summary>
    public required string Name { get; init; }
    /// <summary>When its first instance came.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>How far a series has come.</summary>
public enum SeriesState
{
    /// <summary>Stored, not looked at yet.</summary>
    Received,
    /// <summary>Decoded and checked; its volume can be used.</summary>
    Ready,
    /// <summary>Refused; the reason says why.</summary>
    Rejected,
}

/// <summary>One de-identified series of a cohort. All identifiers are the replaced ones.</summary>
public sealed class SeriesRecord
{
    /// <summary>Our own id.</summary>
    public required Guid Id { get; init; }
    /// <summary>The project it belongs to.</summary>
    public required string Project { get; init; }
    /// <summary>The cohort it was uploaded to.</summary>
    public required string Cohort { get; init; }
    /// <summary>The patient's pseudonym, constant within the project.</summary>
    public required string PatientPseudonym { get; init; }
    /// <summary>Replaced Study Instance UID.</summary>
    public required string StudyInstanceUid { get; init; }
    /// <summary>Replaced Series Instance UID.</summary>
    public required string SeriesInstanceUid { get; init; }
    /// <summary>DICOM Modality (0008,0060): CT or MR.</summary>
    public required string Modality { get; init; }
    /// <summary>How far it has come.</summary>
    public SeriesState State { get; set; }
    /// <summary>Why it was rejected, in a plain sentence.</summary>
    public string? Reason { get; set; }
    /// <summary>What was done to it on ingest: a JSON array of sentences.</summary>
    public string Notes { get; set; } = "[]";
    /// <summary>Its volume: a path of <see cref="StoredObjectRecord"/>.</summary>
    public string? VolumePath { get; set; }
    /// <summary>Its preview PNG: a path of <see cref="StoredObjectRecord"/>.</summary>
    public string? PreviewPath { get; set; }
    /// <summary>Instances stored so far.</summary>
    public int InstanceCount { get; set; }
    /// <summary>When its first instance came.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>One stored de-identified instance.</summary>
public sealed class InstanceRecord
{
    /// <summary>The series it belongs to.</summary>
    public required Guid SeriesId { get; init; }
    /// <summary>Replaced SOP Instance UID.</summary>
    public required string SopInstanceUid { get; init; }
    /// <summary>SHA-256 of the stored file, lower-case hex; "objects/PROJECT/SHA256" is its path.</summary>
    public required string Sha256 { get; init; }
    /// <summary>Size of the stored file, bytes.</summary>
    public required long Bytes { get; init; }
    /// <summary>SOP Class UID.</summary>
    public required string SopClassUid { get; init; }
    /// <summary>Transfer syntax the file is stored in.</summary>
    public required string TransferSyntaxUid { get; init; }
}
