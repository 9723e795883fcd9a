using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace MedGan.Storage.Queue;

/// <summary>
/// Hands every unfinished job that Quartz does not know to Quartz: what was queued a moment ago by either process,
/// what an orderly stop gave back, and what a crash left between the row and the scheduler.
/// </summary>
internal sealed partial class QueueDispatcher(
    ISchedulerFactory schedulers, IDbContextFactory<MedGanDb> dbs, StorageOptions options, TimeProvider clock, ILogger<QueueDispatcher> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var scheduler = await schedulers.GetScheduler(stoppingToken);
        using var timer = new PeriodicTimer(options.DispatchInterval, clock);
        do
        {
            try
            {
                await DispatchAsync(scheduler, stoppingToken);
            }
            catch (Exception e) when (e is DbUpdateException or System.Data.Common.DbException or SchedulerException)
            {
                DispatchFailed(log, e.GetType().Name); // the rows are durable; the next round tries again
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task DispatchAsync(IScheduler scheduler, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var open = await db.Jobs.AsNoTracking()
            .Where(j => j.State == JobState.Queued || j.State == JobState.Running)
            .OrderBy(j => j.CreatedAt).Select(j => new { j.Id, j.Kind }).ToListAsync(ct);
        foreach (var job in open)
        {
            var key = new JobKey(job.Id.ToString("N"));
            if (await scheduler.Exists(key, ct)) continue;
            var detail = JobBuilder.Create<JobRun>().WithIdentity(key).RequestRecovery(true).Build();
            var trigger = TriggerBuilder.Create<JobRun>().WithIdentity(key.Name).ForJob(key).WithExecutionGroup(JobGroups.Of(job.Kind)).StartNow().Build();
            await scheduler.ScheduleJob(detail, trigger, cancellationToken: ct);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Jobs could not be handed to the scheduler ({Kind}); trying again.")]
    private static partial void DispatchFailed(ILogger log, string kind);
}

/// <summary>Which jobs may run beside each other: one of each group.</summary>
internal static class JobGroups
{
    public const string Ingest = "ingest";
    public const string Train = "train";
    public const string Pipeline = "pipeline";

    public static string Of(JobKind kind) => kind switch
    {
        JobKind.Ingest => Ingest,
        JobKind.Train => Train,
        _ => Pipeline,
    };
}
