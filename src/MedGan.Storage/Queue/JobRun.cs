using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MedGan.Storage.Database;
using MedGan.Storage.Objects;
using MedGan.Storage.Records;
using Quartz;

namespace MedGan.Storage.Queue;

/// <summary>Makes the handler of a kind of job.</summary>
internal sealed record JobHandlers(Func<IServiceProvider, JobKind, IJobHandler> Create, Func<Exception, string?> Describe);

/// <summary>What Quartz runs, a turn of a queue: takes the next job's lease, lets the handler work, and brings the job to exactly one end.</summary>
internal sealed partial class JobRun(JobQueue queue, StorageOptions storage, JobHandlers handlers, IServiceScopeFactory scopes, TimeProvider clock, ILogger<JobRun> log) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (await TakeAsync(Enum.Parse<WorkQueue>(context.JobDetail.Key.Group), cancellationToken) is not { } lease) return;
        using var activity = QueueTelemetry.Start(lease);
        var began = clock.GetTimestamp();
        try
        {
            await RunAsync(lease, cancellationToken);
            if (!lease.Ended) throw new InvalidOperationException($"the handler of {lease.Kind} returned without completing its job");
        }
        catch (StaleEpochException)
        {
            LeaseLost(log, lease.Id, lease.Epoch);
        }
        catch (Exception e) when (!lease.Ended)
        {
            await EndAsync(lease, e, cancellationToken);
        }
        catch (Exception e)
        {
            FailedAfterEnd(log, lease.Id, e.GetType().Name); // the end is stored; only clean-up failed
        }
        finally
        {
            QueueTelemetry.Ran(lease, clock.GetElapsedTime(began));
        }
    }

    private async Task<JobLease?> TakeAsync(WorkQueue turnOf, CancellationToken ct)
    {
        try
        {
            return await queue.TakeNextAsync(turnOf, ct);
        }
        catch (Exception e) when (Transient.IsCauseOf(e))
        {
            TurnLost(log, turnOf); // the dispatcher sees a job without a turn, and gives it another
            return null;
        }
    }

    private async Task RunAsync(JobLease lease, CancellationToken stopping)
    {
        using var done = new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(lease.Cancelled, stopping);
        var heartbeat = lease.HoldAsync(done.Token);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await Task.Run(() => handlers.Create(scope.ServiceProvider, lease.Kind).HandleAsync(lease, stop.Token), CancellationToken.None);
        }
        catch (OperationCanceledException) when (heartbeat.IsFaulted)
        {
            await heartbeat; // the job was stopped because its heartbeat failed: that is the reason to tell
        }
        finally
        {
            await done.CancelAsync();
        }
        if (!lease.Ended) await heartbeat;
    }

    private async Task EndAsync(JobLease lease, Exception e, CancellationToken stopping)
    {
        try
        {
            if (e is OperationCanceledException && lease.CancelRequested) await lease.CancelledAsync(CancellationToken.None);
            else if (e is OperationCanceledException && stopping.IsCancellationRequested) await lease.GiveBackAsync(CancellationToken.None);
            else if (MayPass(e) is { } reason && (lease.Retries < storage.Queue.MaxRetries || PassingIn(e) is TransientJobException { UntilItPasses: true })) await lease.RetryAsync(reason, CancellationToken.None);
            else await lease.FailAsync(Describe(lease, e), CancellationToken.None);
        }
        catch (StaleEpochException)
        {
            LeaseLost(log, lease.Id, lease.Epoch);
        }
        catch (Exception lost) when (Transient.IsCauseOf(lost))
        {
            EndNotStored(log, lease.Id, lease.Epoch); // the lease runs out, and the job is taken up again
        }
    }

    private static string? MayPass(Exception e) =>
        Transient.IsCauseOf(e) ? Transient.Sentence : DiskFull.IsCauseOf(e) ? DiskFull.Sentence : PassingIn(e)?.Message;

    private static Exception? PassingIn(Exception? e) =>
        e is null or TransientJobException or ObjectStoreUnavailableException or WriterLostException ? e : PassingIn(e.InnerException);

    private string Describe(JobLease lease, Exception e)
    {
        if (handlers.Describe(e) is { } sentence) return sentence;
        var incident = Guid.NewGuid().ToString("N")[..12];
        JobBroke(log, lease.Id, incident, e.GetType().FullName ?? e.GetType().Name, e.StackTrace ?? "");
        return $"An unexpected error stopped this job (incident {incident}); the worker's log has the details.";
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job}: the lease of epoch {Epoch} was lost; another run goes on.")]
    private static partial void LeaseLost(ILogger log, Guid job, int epoch);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job} had ended when {Kind} was thrown.")]
    private static partial void FailedAfterEnd(ILogger log, Guid job, string kind);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A turn of the queue {Queue} was lost: the database could not be reached.")]
    private static partial void TurnLost(ILogger log, WorkQueue queue);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job}: the end of epoch {Epoch} could not be stored, the database cannot be reached; the job is taken up again when its lease has run out.")]
    private static partial void EndNotStored(ILogger log, Guid job, int epoch);

    // The message of an unknown exception may quote a header's value, so only its type and place are logged.
    [LoggerMessage(Level = LogLevel.Error, Message = "Job {Job} failed, incident {Incident}: {Kind}\n{Stack}")]
    private static partial void JobBroke(ILogger log, Guid job, string incident, string kind, string stack);
}
