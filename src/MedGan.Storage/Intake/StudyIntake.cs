using System.Runtime.CompilerServices;
using MedGan.Dicom.Web;
using MedGan.Privacy.Deidentification;
using MedGan.Storage.Audit;
using MedGan.Storage.Keys;
using MedGan.Storage.Objects;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.Extensions.Logging;

namespace MedGan.Storage.Intake;

/// <summary>
/// One upload or fetch from its first byte to its end: each object is de-identified in memory as it arrives, what passed is stored, and
/// the rows, the audit leaves and the ingest job become visible in one transaction at the end. One that breaks off keeps nothing.
/// </summary>
public sealed partial class StudyIntake(KeyRing keys, CohortStore store, JobQueue queue, ILogger<StudyIntake> logger)
{
    /// <summary>How many instances come in together, unless settings say otherwise.</summary>
    public const int UsualInstances = 20_000;

    /// <summary>How many bytes an instance may hold, unless settings say otherwise.</summary>
    public const long UsualInstanceBytes = 256L * 1024 * 1024;

    private const ushort DuplicateSopInstance = 0x0111; // PS3.7 annex C

    /// <summary>Takes in every object.</summary>
    /// <param name="project">The project.</param>
    /// <param name="cohort">The cohort; made when it is new.</param>
    /// <param name="objects">As they arrive. What they throw ends the intake, and nothing is kept.</param>
    /// <param name="actor">Who brings them.</param>
    /// <param name="job">The job that brings them, whose epoch fences what is stored and whose chain the ingest job belongs to; null: a person does.</param>
    /// <param name="ct">Breaks off; nothing is kept.</param>
    public async Task<IntakeOutcome> RunAsync(string project, string cohort, IAsyncEnumerable<DicomPart> objects, string actor, JobLease? job, CancellationToken ct)
    {
        var admitted = new List<int>();
        var rejected = new List<RejectedObject>();
        Guid? ingestJob = null;
        var results = await store.PutAsync(project, cohort, AdmitAsync(project, objects, admitted, rejected, ct), actor, async (db, audit, stored) =>
        {
            if (job is not null) await job.RequireAsync(db, ct);
            rejected.AddRange(stored.Zip(admitted).Where(r => r.First.Outcome == PutOutcome.Conflict).Select(r => new RejectedObject(
                r.Second, nameof(PutOutcome.Conflict), "Another object of the same identity is stored already.", DuplicateSopInstance)));
            if (rejected.Count > 0)
            {
                audit.Append(AuditActions.UploadRejected, new { cohort, reasons = rejected.CountBy(r => r.Reason).ToDictionary() });
            }
            var changed = stored.Where(r => r.Outcome == PutOutcome.Stored).Select(r => r.SeriesId).Distinct().ToList();
            ingestJob = changed.Count == 0 ? null : queue.Add(db, project, JobKind.Ingest, new IngestRequest(project, cohort, changed), actor, job?.Correlation);
        }, ct);
        var kept = results.Zip(admitted).Where(r => r.First.Outcome != PutOutcome.Conflict).ToList();
        LogIntake(project, cohort, kept.Count, rejected.Count);
        QueueTelemetry.Uploaded("stored", kept.Count);
        QueueTelemetry.Uploaded("rejected", rejected.Count);
        return new IntakeOutcome(
            [.. kept.Select(r => new StoredObject(r.Second, r.First.SopClassUid, r.First.SopInstanceUid, r.First.SeriesInstanceUid, r.First.PatientPseudonym))],
            [.. rejected.OrderBy(r => r.Index)],
            [.. kept.Select(r => r.First.SeriesId).Distinct()],
            ingestJob);
    }

    private async IAsyncEnumerable<DeidentifiedInstance> AdmitAsync(
        string project, IAsyncEnumerable<DicomPart> objects, List<int> admitted, List<RejectedObject> rejected, [EnumeratorCancellation] CancellationToken ct)
    {
        var deidentifier = new Deidentifier(PseudonymKey.FromBytes(keys.Pseudonym()).ForProject(project));
        await foreach (var uploaded in objects.WithCancellation(ct))
        {
            DeidentifiedInstance instance;
            try
            {
                instance = Admission.Admit(uploaded, deidentifier);
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

    [LoggerMessage(Level = LogLevel.Information, Message = "Intake to {Project}/{Cohort}: {Stored} instances stored, {Rejected} rejected")]
    private partial void LogIntake(string project, string cohort, int stored, int rejected);
}
