using System.Collections.Concurrent;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using MedGan.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MedGan.Storage.Tests.Queue;

/// <summary>Several workers on one PostgreSQL server.</summary>
public sealed class ClusterTests(SharedPostgres shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Workers_ThreeStartTogetherOnAFreshDatabase_EachJobIsRunOnce()
    {
        await using var folder = await DataFolder.CreateAsync(await shared.NewDatabaseAsync());
        var queue = folder.Get<JobQueue>();
        var jobs = new List<Guid>();
        for (var i = 0; i < 40; i++) jobs.Add(await queue.EnqueueAsync($"p{i % 3}", i % 2 == 0 ? JobKind.Train : JobKind.Ingest, new TrainRequest(Guid.NewGuid()), "x", Ct));
        var runs = new ConcurrentBag<Guid>();
        var workers = Enumerable.Range(0, 3).Select(_ => WorkerProcess.Build(folder.Options, (_, _) => new Handler(async (lease, ct) =>
        {
            runs.Add(lease.Id);
            await lease.LogAsync("ran", ct);
            await lease.CompleteAsync(new { }, ct: ct);
        }))).ToList();
        try
        {
            await Task.WhenAll(workers.Select(w => w.StartAsync(Ct))); // they make the scheduler's tables, all at once
            await DataFolder.UntilAsync(async () =>
            {
                await using var db = folder.Db();
                return await db.Jobs.AllAsync(j => j.State == JobState.Succeeded, Ct);
            });
        }
        finally
        {
            foreach (var worker in workers)
            {
                await worker.StopAsync(CancellationToken.None);
                worker.Dispose();
            }
        }
        Assert.Equal(jobs.Order(), runs.Order());
        await using var after = folder.Db();
        Assert.True(await after.Jobs.AllAsync(j => j.Epoch == 1, Ct));
        Assert.Equal(40, await after.JobLogs.CountAsync(Ct));
        Assert.Equal(Enumerable.Range(0, 120).Select(i => (long)i), await after.AuditLeaves.OrderBy(l => l.Index).Select(l => l.Index).ToListAsync(Ct));
    }

    [Fact]
    public async Task Job_DatabaseIsRestartedWhileItRuns_GoesOnInTheSameEpoch()
    {
        await using var server = await PostgresServer.CreateAsync();
        await using var folder = await DataFolder.CreateAsync(await server.CreateDatabaseAsync(), new QueueOptions { LeaseTimeout = TimeSpan.FromSeconds(60) });
        var (reached, restarted) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var worker = WorkerProcess.Build(folder.Options, (_, _) => new Handler(async (lease, ct) =>
        {
            await lease.LogAsync("before", ct);
            reached.SetResult();
            await lease.LogAsync("while it is away", ct);
            await restarted.Task.WaitAsync(ct);
            await lease.CompleteAsync(new { }, ct: ct);
        }));
        await worker.StartAsync(Ct);
        var id = await folder.Get<JobQueue>().EnqueueAsync("p", JobKind.Train, new TrainRequest(Guid.NewGuid()), "x", Ct);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(60), Ct);
        await server.StopAsync();
        await server.StartAsync();
        restarted.SetResult();
        await DataFolder.UntilAsync(async () =>
        {
            try
            {
                return (await folder.JobAsync(id)).IsFinal;
            }
            catch (Exception e) when (Database.Transient.IsCauseOf(e))
            {
                return false;
            }
        });
        var job = await folder.JobAsync(id);
        Assert.Equal((JobState.Succeeded, 1, 1), (job.State, job.Epoch, job.Attempts));
        await using (var db = folder.Db())
        {
            Assert.Equal(["before", "while it is away"], await db.JobLogs.OrderBy(l => l.Id).Select(l => l.Line).ToListAsync(Ct));
        }
        await worker.StopAsync(Ct);
    }

    [Fact]
    public async Task Worker_ClockIsHoursAhead_LeavesARunningJobToItsWorker()
    {
        await using var folder = await DataFolder.CreateAsync(await shared.NewDatabaseAsync());
        var queue = folder.Get<JobQueue>();
        var id = await queue.EnqueueAsync("p", JobKind.Train, new TrainRequest(Guid.NewGuid()), "x", Ct);
        var lease = (await queue.TakeNextAsync(WorkQueue.Gpu, Ct))!;
        await using var ahead = new ServiceCollection().AddSingleton<TimeProvider>(new Ahead()).AddLogging().AddMedGanStorage(folder.Options).BuildServiceProvider();
        Assert.Null(await ahead.GetRequiredService<JobQueue>().TakeNextAsync(WorkQueue.Gpu, Ct));
        await lease.CompleteAsync(new { }, ct: Ct);
        var job = await folder.JobAsync(id);
        Assert.Equal((JobState.Succeeded, 1), (job.State, job.Epoch));
    }

    [Fact]
    public async Task Watch_JobChanges_IsToldByTheServer()
    {
        await using var folder = await DataFolder.CreateAsync(await shared.NewDatabaseAsync());
        var (queue, watch) = (folder.Get<JobQueue>(), folder.Get<JobWatch>());
        var id = await queue.EnqueueAsync("p", JobKind.Train, new TrainRequest(Guid.NewGuid()), "x", Ct);
        var lease = (await queue.TakeNextAsync(WorkQueue.Gpu, Ct))!;
        using var subscription = watch.Watch(id);
        await DataFolder.UntilAsync(() => Task.FromResult(watch.IsConnected));
        await subscription.ChangedAsync(Ct); // told that the connection is there
        var other = await queue.EnqueueAsync("p", JobKind.Train, new TrainRequest(Guid.NewGuid()), "x", Ct);
        Assert.False(await subscription.IsToldWithinAsync(TimeSpan.FromSeconds(1), Ct)); // that was another job
        await lease.LogAsync("a line", Ct);
        Assert.True(await subscription.IsToldWithinAsync(TimeSpan.FromSeconds(60), Ct));
        await queue.CancelAsync("p", id, "x", Ct);
        Assert.True(await subscription.IsToldWithinAsync(TimeSpan.FromSeconds(60), Ct));
        Assert.NotEqual(id, other);
    }

    private sealed class Ahead : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddHours(5);
    }

    private sealed class Handler(Func<JobLease, CancellationToken, Task> handle) : IJobHandler
    {
        public Task HandleAsync(JobLease lease, CancellationToken ct) => handle(lease, ct);
    }
}
