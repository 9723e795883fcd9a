using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.Extensions.Logging;

namespace MedGan.Jobs.Hosting;

/// <summary>A stage whose beginning and end are in the worker's log: kind, id, epoch and seconds, nothing of what it works on.</summary>
internal sealed partial class LoggedStage(IJobHandler stage, TimeProvider clock, ILogger<LoggedStage> log) : IJobHandler
{
    public async Task HandleAsync(JobLease lease, CancellationToken ct)
    {
        Started(log, lease.Kind, lease.Id, lease.Epoch);
        var start = clock.GetTimestamp();
        try
        {
            await stage.HandleAsync(lease, ct);
            Succeeded(log, lease.Kind, lease.Id, clock.GetElapsedTime(start).TotalSeconds);
        }
        catch (OperationCanceledException)
        {
            Stopped(log, lease.Kind, lease.Id, clock.GetElapsedTime(start).TotalSeconds);
            throw;
        }
        catch (Exception e)
        {
            Failed(log, lease.Kind, lease.Id, clock.GetElapsedTime(start).TotalSeconds, e.GetType().Name);
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Kind} {Job} started, epoch {Epoch}.")]
    private static partial void Started(ILogger log, JobKind kind, Guid job, int epoch);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Kind} {Job} succeeded after {Seconds:0.0} s.")]
    private static partial void Succeeded(ILogger log, JobKind kind, Guid job, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Kind} {Job} was stopped after {Seconds:0.0} s.")]
    private static partial void Stopped(ILogger log, JobKind kind, Guid job, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} {Job} failed after {Seconds:0.0} s ({Error}).")]
    private static partial void Failed(ILogger log, JobKind kind, Guid job, double seconds, string error);
}
