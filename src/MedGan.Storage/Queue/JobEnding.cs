using MedGan.Storage.Audit;
using MedGan.Storage.Records;

namespace MedGan.Storage.Queue;

/// <summary>What a job's change of state means for the row, the audit log, and the training or set it works for.</summary>
internal static class JobEnding
{
    public const string Worker = "worker";

    public static async Task StartedAsync(MedGanDb db, JobRecord job, CancellationToken ct)
    {
        if (await TrainingAsync(db, job, ct) is { } training) training.State = TrainingState.Running;
    }

    public static async Task FailedAsync(MedGanDb db, AuditLog audit, DateTimeOffset now, JobRecord job, string reason, CancellationToken ct)
    {
        End(now, job, JobState.Failed, reason);
        audit.Append(db, AuditActions.JobFailed, job.Project, Worker, new { job = job.Id, kind = job.Kind, epoch = job.Epoch, reason });
        await SetOwnerAsync(db, job, TrainingState.Failed, ct);
    }

    public static async Task CancelledAsync(MedGanDb db, AuditLog audit, DateTimeOffset now, JobRecord job, string actor, CancellationToken ct)
    {
        End(now, job, JobState.Cancelled, "Stopped on request.");
        audit.Append(db, AuditActions.JobCancelled, job.Project, actor, new { job = job.Id, kind = job.Kind, epoch = job.Epoch });
        await SetOwnerAsync(db, job, TrainingState.Cancelled, ct);
    }

    public static void Succeeded(MedGanDb db, AuditLog audit, DateTimeOffset now, JobRecord job, object result)
    {
        End(now, job, JobState.Succeeded, error: null);
        job.Progress = 1;
        job.ResultJson = StorageJson.Write(result);
        audit.Append(db, AuditActions.JobSucceeded, job.Project, Worker, new { job = job.Id, kind = job.Kind, epoch = job.Epoch });
    }

    private static void End(DateTimeOffset now, JobRecord job, JobState state, string? error)
    {
        job.State = state;
        job.Error = error;
        job.FinishedAt = now;
        job.Worker = null;
    }

    private static async Task SetOwnerAsync(MedGanDb db, JobRecord job, TrainingState state, CancellationToken ct)
    {
        if (await TrainingAsync(db, job, ct) is { } training) training.State = state;
        if (await SetAsync(db, job, ct) is { } set) set.State = SyntheticSetState.Failed;
    }

    private static async Task<TrainingRecord?> TrainingAsync(MedGanDb db, JobRecord job, CancellationToken ct) =>
        job.Kind == JobKind.Train ? await db.Trainings.FindAsync([StorageJson.Read<TrainRequest>(job.RequestJson).TrainingId], ct) : null;

    private static async Task<SyntheticSetRecord?> SetAsync(MedGanDb db, JobRecord job, CancellationToken ct)
    {
        Guid? id = job.Kind switch
        {
            JobKind.Generate => StorageJson.Read<GenerateRequest>(job.RequestJson).SetId,
            JobKind.PrivacyGate => StorageJson.Read<PrivacyGateRequest>(job.RequestJson).SetId,
            JobKind.Publish => StorageJson.Read<PublishRequest>(job.RequestJson).SetId,
            _ => null,
        };
        return id is { } set ? await db.SyntheticSets.FindAsync([set], ct) : null;
    }
}
