using MedGan.Storage.Audit;
using MedGan.Storage.Database;
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
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly IDbContextFactory<MedGanDb> _dbs;
    private readonly AuditLog _audit;
    private readonly TimeProvider _clock;
    private readonly QueueOptions _options;
    private readonly string _requestJson;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _writing = new(1);
    private long _writes;
    private (double Progress, string? Message)? _unwritten;
    private long? _lastReport;

    internal JobLease(JobRecord job, IDbContextFactory<MedGanDb> dbs, AuditLog audit, TimeProvider clock, QueueOptions options)
    {
        (_dbs, _audit, _clock, _options) = (dbs, audit, clock, options);
        (_writes, Retries, Correlation, TraceParent) = (job.Writes, job.Retries, job.CorrelationId ?? job.Id, job.TraceParent);
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
    /// <summary>How often the job failed before in a way that may pass.</summary>
    public int Retries { get; }
    /// <summary>Who asked for the job.</summary>
    public string Actor { get; }
    /// <summary>What set off the chain of jobs that this one belongs to.</summary>
    public Guid Correlation { get; }
    /// <summary>Somebody asked for the job to stop.</summary>
    public bool CancelRequested { get; private set; }
    /// <summary>The job has ended through this lease.</summary>
    public bool Ended => End is not null;
    /// <summary>How: succeeded, failed, cancelled, given-back or retried; null as long as it has not.</summary>
    internal string? End { get; private set; }
    /// <summary>The activity that queued the job, as W3C trace context writes it; null where none was traced.</summary>
    internal string? TraceParent { get; }
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
        FencedAsync(async (db, _, _) => await change(db, _audit.For(db, Project, JobEnding.Worker)), ct);

    /// <summary>Sees, in a transaction of somebody else's, that the lease is still good: what is stored there then ends with it.</summary>
    /// <exception cref="StaleEpochException">It is not.</exception>
    public async Task RequireAsync(MedGanDb db, CancellationToken ct = default)
    {
        if (!await db.Jobs.AnyAsync(j => j.Id == Id && j.Epoch == Epoch && j.State == JobState.Running, ct)) throw new StaleEpochException(Id, Epoch);
    }

    /// <summary>Ends the job well. The state change, its audit leaves and the next stage's job are stored with it, or nothing is.</summary>
    public async Task CompleteAsync(object result, Func<MedGanDb, AuditWriter, Task>? stateChange = null, CancellationToken ct = default)
    {
        await FencedAsync(async (db, job, now) =>
        {
            if (stateChange is not null) await stateChange(db, _audit.For(db, Project, JobEnding.Worker));
            JobEnding.Succeeded(db, _audit, now, job, result);
        }, ct);
        End = "succeeded";
    }

    /// <summary>Gives the job up, with a plain sentence that is shown to people.</summary>
    public async Task FailAsync(string reason, CancellationToken ct = default)
    {
        await FencedAsync((db, job, now) => JobEnding.FailedAsync(db, _audit, now, job, reason, ct), ct);
        End = "failed";
    }

    /// <summary>Ends the job as cancelled.</summary>
    internal async Task CancelledAsync(CancellationToken ct = default)
    {
        await FencedAsync((db, job, now) => JobEnding.CancelledAsync(db, _audit, now, job, JobEnding.Worker, ct), ct);
        End = "cancelled";
    }

    /// <summary>Gives the job back: the worker stops in good order, the next one goes on. Does not count as an attempt.</summary>
    internal async Task GiveBackAsync(CancellationToken ct = default)
    {
        await FencedAsync((db, job, _) =>
        {
            PutBack(job);
            _audit.Append(db, AuditActions.JobGivenBack, Project, JobEnding.Worker, new { job = Id, kind = Kind, epoch = Epoch });
            return Task.CompletedTask;
        }, ct);
        End = "given-back";
    }

    /// <summary>Puts the job back for a later try, because of a failure that may pass; each wait is twice as long as the one before.</summary>
    internal async Task RetryAsync(string reason, CancellationToken ct = default)
    {
        await FencedAsync((db, job, now) =>
        {
            var wait = Math.Min(_options.RetryDelay.TotalSeconds * Math.Pow(2, job.Retries), LongestWait.TotalSeconds);
            job.Retries++;
            job.NotBefore = now + TimeSpan.FromSeconds(wait);
            job.Message = $"{reason} Tried again in {TimeSpan.FromSeconds(Math.Ceiling(wait)):hh\\:mm\\:ss} (retry {job.Retries}).";
            PutBack(job);
            _audit.Append(db, AuditActions.JobRetried, Project, JobEnding.Worker, new { job = Id, kind = Kind, epoch = Epoch, reason, retry = job.Retries });
            return Task.CompletedTask;
        }, ct);
        End = "retried";
    }

    private static void PutBack(JobRecord job)
    {
        job.State = JobState.Queued;
        job.Attempts--;
        job.Worker = null;
    }

    /// <summary>
    /// Heartbeat: until <paramref name="ct"/> fires, writes the row each second, and stops the job when somebody asked for it,
    /// when the lease was lost, or when the heartbeat itself fails; the last two are thrown to the caller.
    /// </summary>
    internal async Task HoldAsync(CancellationToken ct)
    {
        try
        {
            using var timer = new PeriodicTimer(_options.LeaseInterval, _clock);
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
        await FencedAsync((_, job, _) =>
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

    /// <summary>
    /// One write at a time. While the database is away it is tried again, as long as nobody else may have taken the job:
    /// <paramref name="change"/> may be called more than once, each time with a context of its own, and takes effect once.
    /// </summary>
    private async Task FencedAsync(Func<MedGanDb, JobRecord, DateTimeOffset, Task> change, CancellationToken ct)
    {
        await _writing.WaitAsync(ct);
        try
        {
            var began = _clock.GetTimestamp();
            for (var pause = TimeSpan.FromMilliseconds(100); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                try
                {
                    await FencedOnceAsync(change, ct);
                    return;
                }
                catch (Exception e) when (Transient.IsCauseOf(e) && _clock.GetElapsedTime(began) < _options.LeaseTimeout)
                {
                    await Task.Delay(pause, _clock, ct);
                }
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task FencedOnceAsync(Func<MedGanDb, JobRecord, DateTimeOffset, Task> change, CancellationToken ct)
    {
        await using var db = await _dbs.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var job = await db.Jobs.SingleOrDefaultAsync(j => j.Id == Id && j.Epoch == Epoch, ct) ?? throw new StaleEpochException(Id, Epoch);
        if (job.Writes == _writes + 1)
        {
            _writes = job.Writes; // the commit before was done; only its answer was lost
            return;
        }
        if (job.State != JobState.Running) throw new StaleEpochException(Id, Epoch);
        var now = await DatabaseClock.NowAsync(db, _clock, ct);
        job.HeartbeatAt = now;
        job.Writes++;
        await change(db, job, now);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        _writes = job.Writes;
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
