using MedGan.Storage.Database;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace MedGan.Storage.Queue;

/// <summary>
/// Sees that every job that is due has a turn in Quartz's store: what was queued a moment ago by either process, what an orderly stop
/// or a failure that may pass gave back, and what a crash left between the row and the scheduler. Which job a turn takes is decided
/// when it comes; one that finds nothing left to do is harmless.
/// </summary>
internal sealed partial class QueueDispatcher(
    ISchedulerFactory schedulers, IDbContextFactory<MedGanDb> dbs, StorageOptions storage, TimeProvider clock, ILogger<QueueDispatcher> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var scheduler = await schedulers.GetScheduler(stoppingToken);
        using var timer = new PeriodicTimer(storage.Queue.DispatchInterval, clock);
        var failing = false;
        do
        {
            try
            {
                await DispatchAsync(scheduler, stoppingToken);
                failing = false;
            }
            catch (Exception e) when (e is DbUpdateException or System.Data.Common.DbException or SchedulerException || Transient.IsCauseOf(e))
            {
                if (!failing) DispatchFailed(log, e.GetType().Name); // once; the rows are durable, and the next round tries again
                failing = true;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task DispatchAsync(IScheduler scheduler, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var now = await DatabaseClock.NowAsync(db, clock, ct);
        var due = await NextJob.Due(db, now, storage.Queue.LeaseTimeout).AsNoTracking()
            .OrderBy(j => j.CreatedAt).Select(j => new { j.Id, j.Queue }).ToListAsync(ct);
        foreach (var job in due)
        {
            var key = new JobKey(job.Id.ToString("N"), job.Queue.ToString());
            if (await scheduler.Exists(key, ct)) continue;
            var detail = JobBuilder.Create<JobRun>().WithIdentity(key).RequestRecovery(true).Build();
            var trigger = TriggerBuilder.Create<JobRun>().WithIdentity(key.Name, key.Group).ForJob(key).WithExecutionGroup(WorkQueues.Group(job.Queue)).StartNow().Build();
            try
            {
                await scheduler.ScheduleJob(detail, trigger, cancellationToken: ct);
            }
            catch (ObjectAlreadyExistsException)
            {
                // another worker was first
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Jobs cannot be handed to the scheduler ({Kind}); trying again.")]
    private static partial void DispatchFailed(ILogger log, string kind);
}
