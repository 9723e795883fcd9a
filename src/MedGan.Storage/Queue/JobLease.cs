using MedGan.Storage.Audit;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Storage.Queue;

/// <summary>
/// A worker's hold on a running job. Every write names the epoch of the lease; once another worker has taken
/// the job, or it has ended, each of them throws <see cref="StaleEpochException"/> and writes nothing.
/// </summary>
public sealed class JobLease
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(250);

    private readonly IDbContextFactory<MedGanDb> _dbs;
    private readonly AuditLog _audit;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _interval;
    private readonly string _requestJson;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private (double Progress, string? Message)? _unwritten;
    private long? _lastReport;

    internal JobLease(JobRecord job, IDbContextFactory<MedGanDb> dbs, AuditLog audit, TimeProvider clock, TimeSpan interval)
    {
        (_dbs, _audit, _clock, _interval) = (dbs, audit, clock, interval);
        (Id, Project, Kind, Epoch, Attempt, Actor, _requestJson) = (job.Id, job.Project, job.Kind, job.Epoch, job.Attempts, job.Actor, job.RequestJson);
    }

    /// <summary>The job.</summary>
    public Guid Id { get; }
    /// <summary>The project it belongs to.</summary>
    public string Project { get; }
    /// <summary>Which stage it runs.</summary>
    public JobKind Kind { get; }
    /// <summary>The epoch that every write of this lease names.</summary>
    public int Epoch { get; }
    /// <summary>Which start of the job this is, from 1.</summary>
    public int Attempt { get; }
    /// <summary>Who asked for the job.</summary>
    public string Actor { get; }
    /// <summary>Somebody asked for the job to stop.</summary>
    public bool CancelRequested { get; private set; }
    /// <summary>The job has ended through this lease.</summary>
    public bool Ended { get; private set; }
    /// <summary>Fires when somebody asked for the job to stop, or the lease was lost. Watched while <see cref="HoldAsync"/> runs.</summary>
    public CancellationToken Cancelled => _stop.Token;

    /// <summary>The request the job was queued with.</summary>
    public T Request<T>() => StorageJson.Read<T>(_requestJson);

    /// <summary>Sets progress (0 to 1) and what is being done. Cheap to call often: rows are written four times a second at most.</summary>
    public async Task ReportAsync(double progress, string? message = null, CancellationToken ct = default)
    {
        lock (_gate)
        {
            _unwritten = (Math.Clamp(progress, 0, 1), message);
            if (_lastReport is { } last && _clock.GetElapsedTime(last) < ReportInterval) return;
        }
        await BeatAsync(ct);
    }

    /// <summary>Adds a line to the job's log: identifiers of ours and figures, never content.</summary>
    public Task LogAsync(string line, CancellationToken ct = default) => WriteAsync((db, _) =>
    {
        db.JobLogs.Add(new JobLogRecord { JobId = Id, At = _clock.GetUtcNow(), Line = line });
        return Task.CompletedTask;
    }, ct);

    /// <summary>A change of the handler's own, fenced by the epoch, with its audit leaves, in one transaction.</summary>
    public Task WriteAsync(Func<MedGanDb, AuditWriter, Task> change, CancellationToken ct = default) =>
        FencedAsync(async (db, job) => await change(db, _audit.For(db, Project, JobEnding.Worker)), ct);

    /// <summary>Ends the job well. The state change, its audit leaves and the next stage's job are stored with it, or nothing is.</summary>
    public async Task CompleteAsync(object result, Func<MedGanDb, AuditWriter, Task>? stateChange = null, CancellationToken ct = default)
    {
        await FencedAsync(async (db, job) =>
        {
            if (stateChange is not null) await stateChange(db, _audit.For(db, Project, JobEnding.Worker));
            JobEnding.Succeeded(db, _audit, _clock, job, result);
        }, ct);
        Ended = true;
    }

    /// <summary>Gives the job up, with a plain sentence that is shown to people.</summary>
    public async Task FailAsync(string reason, CancellationToken ct = default)
    {
        await FencedAsync((db, job) => JobEnding.FailedAsync(db, _audit, _clock, job, reason, ct), ct);
        Ended = true;
    }

    /// <summary>Ends the job as cancelled.</summary>
    internal async Task CancelledAsync(CancellationToken ct = default)
    {
        await FencedAsync((db, job) => JobEnding.CancelledAsync(db, _audit, _clock, job, JobEnding.Worker, ct), ct);
        Ended = true;
    }

    /// <summary>Gives the job back: the worker stops in good order, the next one goes on. Does not count as an attempt.</summary>
    internal async Task GiveBackAsync(CancellationToken ct = default)
    {
        await FencedAsync((db, job) =>
        {
            job.State = JobState.Queued;
            job.Attempts--;
            _audit.Append(db, AuditActions.JobGivenBack, Project, JobEnding.Worker, new { job = Id, kind = Kind, epoch = Epoch });
            return Task.CompletedTask;
        }, ct);
        Ended = true;
    }

    /// <summary>
    /// Heartbeat: until <paramref name="ct"/> fires, writes the row each second, and stops the job when somebody asked for it,
    /// when the lease was lost, or when the heartbeat itself fails; the last two are thrown to the caller.
    /// </summary>
    internal async Task HoldAsync(CancellationToken ct)
    {
        try
        {
            using var timer = new PeriodicTimer(_interval, _clock);
            while (await timer.WaitForNextTickAsync(ct)) await BeatAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // the handler has ended
        }
        catch
        {
            await _stop.CancelAsync();
            throw;
        }
    }

    private async Task BeatAsync(CancellationToken ct)
    {
        (double Progress, string? Message)? report;
        lock (_gate)
        {
            report = _unwritten;
            _unwritten = null;
            _lastReport = _clock.GetTimestamp();
        }
        var cancel = false;
        await FencedAsync((_, job) =>
        {
            if (report is { } r)
            {
                job.Progress = r.Progress;
                job.Message = r.Message ?? job.Message;
            }
            cancel = job.CancelRequested;
            return Task.CompletedTask;
        }, ct);
        if (cancel)
        {
            CancelRequested = true;
            await _stop.CancelAsync();
        }
    }

    private async Task FencedAsync(Func<MedGanDb, JobRecord, Task> change, CancellationToken ct)
    {
        await using var db = await _dbs.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var job = await db.Jobs.SingleOrDefaultAsync(j => j.Id == Id && j.Epoch == Epoch && j.State == JobState.Running, ct)
            ?? throw new StaleEpochException(Id, Epoch);
        job.HeartbeatAt = _clock.GetUtcNow();
        await change(db, job);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

/// <summary>Does the work of one kind of job; made by the worker for each job.</summary>
public interface IJobHandler
{
    /// <summary>
    /// Does the job and ends it with <see cref="JobLease.CompleteAsync"/>. May be called again for the same job after a crash.
    /// Throw <see cref="JobFailedException"/> for what a person can understand; honour <paramref name="ct"/> within a second.
    /// </summary>
    Task HandleAsync(JobLease lease, CancellationToken ct);
}
