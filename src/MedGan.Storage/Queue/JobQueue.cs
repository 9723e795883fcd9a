using System.Diagnostics;
using MedGan.Storage.Audit;
using MedGan.Storage.Database;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Storage.Queue;

/// <summary>What became of a cancel request.</summary>
public enum CancelOutcome
{
    /// <summary>No such job in the project.</summary>
    NotFound,
    /// <summary>Nobody was at it; it is cancelled.</summary>
    Cancelled,
    /// <summary>It runs; its worker will stop within a second or two.</summary>
    Requested,
    /// <summary>It had already ended.</summary>
    AlreadyEnded,
}

/// <summary>
/// Durable jobs. Queueing commits the row and its audit leaf together; from then on the job is durable.
/// Workers give each open row a turn in Quartz's persistent store; a turn that comes takes the job that is next by
/// <see cref="NextJob"/>. Only workers open that store, so the web process never waits for it.
/// </summary>
public sealed class JobQueue(IDbContextFactory<MedGanDb> dbs, AuditLog audit, TimeProvider clock, StorageOptions storage)
{
    private static readonly string Me = $"{Environment.MachineName}:{Environment.ProcessId}";

    private readonly QueueOptions options = storage.Queue;

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
    /// <param name="correlation">What set off the chain of jobs; null for its first job.</param>
    public Guid Add(MedGanDb db, string project, JobKind kind, object request, string actor, Guid? correlation = null)
    {
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        var job = new JobRecord
        {
            Id = id,
            CorrelationId = correlation ?? id,
            Project = project,
            Kind = kind,
            Queue = WorkQueues.Of(kind),
            Priority = WorkQueues.PriorityOf(kind),
            State = JobState.Queued,
            RequestJson = StorageJson.Write(request),
            Actor = actor,
            CreatedAt = clock.GetUtcNow(),
            TraceParent = Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null,
        };
        db.Jobs.Add(job);
        audit.Append(db, AuditActions.JobQueued, project, actor, new { job = id, kind, request, correlation = job.CorrelationId });
        return id;
    }

    /// <summary>Refuses a project that has too many open jobs. Asked before a person queues one; what a running stage queues next is not.</summary>
    /// <exception cref="QuotaExceededException">It has.</exception>
    public async Task RequireRoomAsync(MedGanDb db, string project, CancellationToken ct = default)
    {
        var open = await db.Jobs.CountAsync(j => j.Project == project && (j.State == JobState.Queued || j.State == JobState.Running), ct);
        if (open >= options.OpenPerProject) throw new QuotaExceededException(options.OpenPerProject);
    }

    /// <summary>Asks a job to stop. One that nobody is at is cancelled at once.</summary>
    public async Task<CancelOutcome> CancelAsync(string project, Guid id, string actor, CancellationToken ct = default)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var job = await db.Jobs.SingleOrDefaultAsync(j => j.Id == id && j.Project == project, ct);
        if (job is null) return CancelOutcome.NotFound;
        if (job.IsFinal) return CancelOutcome.AlreadyEnded;
        var now = await DatabaseClock.NowAsync(db, clock, ct);
        job.CancelRequested = true;
        var outcome = CancelOutcome.Requested;
        if (job.State == JobState.Queued || !(job.HeartbeatAt >= now - options.LeaseTimeout))
        {
            await JobEnding.CancelledAsync(db, audit, now, job, actor, ct);
            outcome = CancelOutcome.Cancelled;
        }
        else audit.Append(db, AuditActions.JobCancelRequested, project, actor, new { job = job.Id, kind = job.Kind, epoch = job.Epoch });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return outcome;
    }

    /// <summary>
    /// Takes the next job of a queue. Epoch and attempts grow by one, and whoever held it before can write no more.
    /// Null when nothing is due. What was cancelled meanwhile or started too often is brought to its end on the way.
    /// </summary>
    public async Task<JobLease?> TakeNextAsync(WorkQueue queue, CancellationToken ct = default)
    {
        while (true)
        {
            await using var db = await dbs.CreateDbContextAsync(ct);
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var now = await DatabaseClock.NowAsync(db, clock, ct);
            if (await NextJob.ChooseAsync(db, queue, now, options, ct) is not { } job) return null;
            var lease = await StartOrEndAsync(db, job, now, ct);
            await transaction.CommitAsync(ct);
            if (lease is not null) return lease;
        }
    }

    /// <summary>Takes this job, whoever holds it; null when it has ended, or is brought to its end instead.</summary>
    public async Task<JobLease?> TakeAsync(Guid id, CancellationToken ct = default)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var job = await db.Jobs.SingleOrDefaultAsync(j => j.Id == id, ct);
        if (job is null || job.IsFinal) return null;
        var lease = await StartOrEndAsync(db, job, await DatabaseClock.NowAsync(db, clock, ct), ct);
        await transaction.CommitAsync(ct);
        return lease;
    }

    private async Task<JobLease?> StartOrEndAsync(MedGanDb db, JobRecord job, DateTimeOffset now, CancellationToken ct)
    {
        var start = false;
        if (job.CancelRequested)
        {
            await JobEnding.CancelledAsync(db, audit, now, job, JobEnding.Worker, ct);
        }
        else if (job.Attempts >= options.MaxAttempts)
        {
            await JobEnding.FailedAsync(db, audit, now, job,
                $"The worker stopped unexpectedly {job.Attempts} times while running this job, so it was given up.", ct);
        }
        else
        {
            Start(db, job, now);
            await JobEnding.StartedAsync(db, job, ct);
            start = true;
        }
        await db.SaveChangesAsync(ct);
        return start ? new JobLease(job, dbs, audit, clock, options) : null;
    }

    private void Start(MedGanDb db, JobRecord job, DateTimeOffset now)
    {
        job.Epoch++;
        job.Attempts++;
        job.State = JobState.Running;
        if (job.StartedAt is null) QueueTelemetry.Waited(job.Kind, now - job.CreatedAt);
        job.StartedAt ??= now;
        job.HeartbeatAt = now;
        job.NotBefore = null;
        job.Worker = Me;
        audit.Append(db, AuditActions.JobStarted, job.Project, JobEnding.Worker, new { job = job.Id, kind = job.Kind, epoch = job.Epoch });
    }
}
