namespace MedGan.Storage.Intake;

/// <summary>An object that was stored, by its new identifiers.</summary>
/// <param name="Index">Its place among the objects of the request.</param>
/// <param name="SopClassUid">What kind of object it is.</param>
/// <param name="SopInstanceUid">Its new UID.</param>
/// <param name="SeriesInstanceUid">The new UID of its series.</param>
/// <param name="Patient">The patient's pseudonym.</param>
public sealed record StoredObject(int Index, string SopClassUid, string SopInstanceUid, string SeriesInstanceUid, string Patient);

/// <summary>An object that was refused.</summary>
/// <param name="Index">Its place among the objects of the request.</param>
/// <param name="Reason">The reason's name.</param>
/// <param name="Detail">A sentence without any value of the object.</param>
/// <param name="FailureReason">The code of PS3.4 annex B.2.3 and PS3.18 table 10.5.3-1.</param>
public sealed record RejectedObject(int Index, string Reason, string Detail, ushort FailureReason);

/// <summary>What became of an upload or fetch, object by object.</summary>
/// <param name="Stored">In the order of the request.</param>
/// <param name="Rejected">In the order of the request.</param>
/// <param name="Series">Our ids of the series that received instances.</param>
/// <param name="IngestJob">The job that looks at them; null when nothing was stored.</param>
public sealed record IntakeOutcome(
    IReadOnlyList<StoredObject> Stored, IReadOnlyList<RejectedObject> Rejected, IReadOnlyList<Guid> Series, Guid? IngestJob);
