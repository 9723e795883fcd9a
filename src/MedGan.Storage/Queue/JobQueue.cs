using MedGan.Storage.Audit;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Storage.Queue;

/// <summary>What became of a cancel request.</summary>
public enum CancelOutcome
{
    /// <summary>No such job in the project.</summary>
    NotFound,
    /// <summary>It had not started; it is cancelled.</summary>
    Cancelled,
    /// <summary>It runs; its worker will stop within a second or two.</summary>
    Requested,
    /// <summary>It had already ended.</summary>
    AlreadyEnded,
}

/// <summary>
/// Durable jobs. Queueing commits the row and its audit leaf together; from then on the job is durable.
/// The worker hands rows to Quartz's persistent store, which runs them, and runs them again after a crash.
/// Only the worker opens that store, so the web process never waits for it.
/// </summary>
public sealed class JobQueue(IDbContextFactory<MedGanDb> dbs, AuditLog audit, TimeProvider clock, StorageOptions options)
{
    /// <summary>Queues a job in a transaction of its own.</summary>
    public async Task<Guid> EnqueueAsync(string project, JobKind kind, object request, string actor, CancellationToken ct = default)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var id = Add(db, project, kind, request, actor);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return id;
    }

    /// <summary>Adds a job to the caller's open transaction, so that a stage and its successor change together.</summary>
    /// <param name="db">A context with an open transaction.</param>
    /// <param name="project">The project it belongs to.</param>
    /// <param name="kind">Which stage it runs.</param>
    /// <param name="request">What it is to work on. It goes on the audit trail as it is: identifiers of ours only.</param>
    /// <param name="actor">Who asked for it.</param>
    public Guid Add(MedGanDb db, string project, JobKind kind, object request, string actor)
    {
        var job = new JobRecord
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            Project = project,
            Kind = kind,
            State = JobState.Queued,
            RequestJson = StorageJson.Write(request),
            Actor = actor,
            CreatedAt = clock.GetUtcNow(),
        };
        db.Jobs.Add(job);
        audit.Append(db, AuditActions.JobQueued, project, actor, new { job = job.Id, kind, request });
        return job.Id;
    }

    /// <summary>Asks a job to stop. A queued one is cancelled at once.</summary>
    public async Task<CancelOutcome> CancelAsync(string project, Guid id, string actor, CancellationToken ct = default)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var job = await db.Jobs.SingleOrDefaultAsync(j => j.Id == id && j.Project == project, ct);
        if (job is null) return CancelOutcome.NotFound;
        if (job.IsFinal) return CancelOutcome.AlreadyEnded;
        job.CancelRequested = true;
        var outcome = CancelOutcome.Requested;
        if (job.State == JobState.Queued)
        {
            await JobEnding.CancelledAsync(db, audit, clock, job, actor, ct);
            outcome = CancelOutcome.Cancelled;
        }
        else audit.Append(db, AuditActions.JobCancelRequested, project, actor, new { job = job.Id, kind = job.Kind, epoch = job.Epoch });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return outcome;
    }

    /// <summary>
    /// Takes a job: epoch and attempts grow by one, and whoever held it before can write no more.
    /// Null when there is nothing left to do: it has ended, was cancelled meanwhile, or was started too often.
    /// </summary>
    public async Task<JobLease?> TakeAsync(Guid id, CancellationToken ct = default)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var job = await db.Jobs.SingleOrDefaultAsync(j => j.Id == id, ct);
        if (job is null || job.IsFinal) return null;
        var taken = false;
        if (job.CancelRequested)
        {
            await JobEnding.CancelledAsync(db, audit, clock, job, JobEnding.Worker, ct);
        }
        else if (job.Attempts >= options.MaxAttempts)
        {
            await JobEnding.FailedAsync(db, audit, clock, job,
                $"The worker stopped unexpectedly {job.Attempts} times while running this job, so it was given up.", ct);
        }
        else
        {
            Start(db, job);
            await JobEnding.StartedAsync(db, job, ct);
            taken = true;
        }
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return taken ? new JobLease(job, dbs, audit, clock, options.LeaseInterval) : null;
    }

    private void Start(MedGanDb db, JobRecord job)
    {
        var now = clock.GetUtcNow();
        job.Epoch++;
        job.Attempts++;
        job.State = JobState.Running;
        job.StartedAt ??= now;
        job.HeartbeatAt = now;
        audit.Append(db, AuditActions.JobStarted, job.Project, JobEnding.Worker, new { job = job.Id, kind = job.Kind, epoch = job.Epoch });
    }
}
