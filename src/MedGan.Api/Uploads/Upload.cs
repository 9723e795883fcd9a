using System.Runtime.CompilerServices;
using MedGan.Privacy.Deidentification;
using MedGan.Storage.Audit;
using MedGan.Storage.Objects;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;

namespace MedGan.Api.Uploads;

/// <summary>
/// One upload from its first byte to its answer: each object is de-identified in memory as it arrives, what passed is stored, and
/// the rows, the audit leaves and the ingest job become visible in one transaction at the end. An upload that breaks off keeps nothing.
/// </summary>
public sealed partial class Upload(Intake intake, CohortStore store, JobQueue queue, ILogger<Upload> logger)
{
    private const ushort DuplicateSopInstance = 0x0111; // PS3.7 annex C

    /// <summary>Takes in every object of a request.</summary>
    /// <exception cref="Problems.RefusedException">The request as a whole is refused; nothing of it is kept.</exception>
    public async Task<UploadOutcome> RunAsync(string project, string cohort, IAsyncEnumerable<UploadedObject> objects, string actor, CancellationToken ct)
    {
        var admitted = new List<int>();
        var rejected = new List<RejectedObject>();
        Guid? ingestJob = null;
        var results = await store.PutAsync(project, cohort, AdmitAsync(project, objects, admitted, rejected, ct), actor, (db, audit, stored) =>
        {
            rejected.AddRange(stored.Zip(admitted).Where(r => r.First.Outcome == PutOutcome.Conflict).Select(r => new RejectedObject(
                r.Second, nameof(PutOutcome.Conflict), "Another object of the same identity is stored already.", DuplicateSopInstance)));
            if (rejected.Count > 0)
            {
                audit.Append(AuditActions.UploadRejected, new { cohort, reasons = rejected.CountBy(r => r.Reason).ToDictionary() });
            }
            var changed = stored.Where(r => r.Outcome == PutOutcome.Stored).Select(r => r.SeriesId).Distinct().ToList();
            ingestJob = changed.Count == 0 ? null : queue.Add(db, project, JobKind.Ingest, new IngestRequest(project, cohort, changed), actor);
            return Task.CompletedTask;
        }, ct);
        var kept = results.Zip(admitted).Where(r => r.First.Outcome != PutOutcome.Conflict).ToList();
        LogUpload(project, cohort, kept.Count, rejected.Count);
        QueueTelemetry.Uploaded("stored", kept.Count);
        QueueTelemetry.Uploaded("rejected", rejected.Count);
        return new UploadOutcome(
            [.. kept.Select(r => new StoredObject(r.Second, r.First.SopClassUid, r.First.SopInstanceUid, r.First.SeriesInstanceUid, r.First.PatientPseudonym))],
            [.. rejected.OrderBy(r => r.Index)],
            [.. kept.Select(r => r.First.SeriesId).Distinct()],
            ingestJob);
    }

    private async IAsyncEnumerable<DeidentifiedInstance> AdmitAsync(
        string project, IAsyncEnumerable<UploadedObject> objects, List<int> admitted, List<RejectedObject> rejected, [EnumeratorCancellation] CancellationToken ct)
    {
        var deidentifier = intake.DeidentifierOf(project);
        await foreach (var uploaded in objects.WithCancellation(ct))
        {
            DeidentifiedInstance instance;
            try
            {
                instance = Intake.Admit(uploaded, deidentifier);
            }
            catch (InstanceRejectedException e)
            {
                rejected.Add(new RejectedObject(uploaded.Index, e.Reason.ToString(), e.Detail, e.FailureReason));
                continue;
            }
            admitted.Add(uploaded.Index);
            yield return instance;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Upload to {Project}/{Cohort}: {Stored} instances stored, {Rejected} rejected")]
    private partial void LogUpload(string project, string cohort, int stored, int rejected);
}
