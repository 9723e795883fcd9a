using MedGan.Storage.Queue;
using MedGan.Storage.Records;

namespace MedGan.Storage.Tests.Queue;

/// <summary>Which job a free worker takes.</summary>
public abstract class OrderTests(Func<Task<string?>> database) : IAsyncLifetime
{
    private DataFolder _folder = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;
    private JobQueue Queue => _folder.Get<JobQueue>();

    public async ValueTask InitializeAsync() => _folder = await DataFolder.CreateAsync(await database());

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task Next_OneProjectQueuedManyFirst_TheOtherDoesNotWaitForAllOfThem()
    {
        for (var i = 0; i < 4; i++) await EnqueueAsync("many", JobKind.Train);
        await EnqueueAsync("one", JobKind.Train);
        Assert.Equal("many", await RunNextAsync()); // the oldest
        Assert.Equal("one", await RunNextAsync()); // nobody has computed for it yet
        Assert.Equal("many", await RunNextAsync());
    }

    [Fact]
    public async Task Next_SetThatWasBegun_GoesBeforeANewOneAndThatBeforeATraining()
    {
        foreach (var kind in new[] { JobKind.Train, JobKind.Generate, JobKind.PrivacyGate }) await EnqueueAsync("p", kind);
        var order = new List<JobKind>();
        while (await Queue.TakeNextAsync(WorkQueue.Gpu, Ct) is { } lease)
        {
            order.Add(lease.Kind);
            await lease.CompleteAsync(new { }, ct: Ct);
        }
        Assert.Equal([JobKind.PrivacyGate, JobKind.Generate, JobKind.Train], order);
    }

    [Fact]
    public async Task Next_EachQueue_TakesItsOwnKinds()
    {
        await EnqueueAsync("p", JobKind.Ingest);
        Assert.Null(await Queue.TakeNextAsync(WorkQueue.Gpu, Ct));
        Assert.Equal(JobKind.Ingest, (await Queue.TakeNextAsync(WorkQueue.Cpu, Ct))!.Kind);
        Assert.Null(await Queue.TakeNextAsync(WorkQueue.Cpu, Ct)); // it runs, and its lease is good
    }

    [Fact]
    public async Task Next_ProjectRunsAsManyAsItMay_AnotherProjectIsNext()
    {
        await using var folder = await DataFolder.CreateAsync(await database(), new QueueOptions { RunningPerProject = 1 });
        var queue = folder.Get<JobQueue>();
        for (var i = 0; i < 3; i++) await queue.EnqueueAsync("greedy", JobKind.Train, new TrainRequest(Guid.NewGuid()), "x", Ct);
        Assert.Equal("greedy", (await queue.TakeNextAsync(WorkQueue.Gpu, Ct))!.Project);
        Assert.Null(await queue.TakeNextAsync(WorkQueue.Gpu, Ct));
        await queue.EnqueueAsync("modest", JobKind.Train, new TrainRequest(Guid.NewGuid()), "x", Ct);
        Assert.Equal("modest", (await queue.TakeNextAsync(WorkQueue.Gpu, Ct))!.Project);
    }

    [Fact]
    public async Task Room_ProjectHasAsManyOpenJobsAsItMay_IsRefusedUntilOneEnds()
    {
        await using var folder = await DataFolder.CreateAsync(await database(), new QueueOptions { OpenPerProject = 2 });
        var queue = folder.Get<JobQueue>();
        var first = await queue.EnqueueAsync("p", JobKind.Train, new TrainRequest(Guid.NewGuid()), "x", Ct);
        await queue.EnqueueAsync("p", JobKind.Train, new TrainRequest(Guid.NewGuid()), "x", Ct);
        await using var db = folder.Db();
        await Assert.ThrowsAsync<QuotaExceededException>(() => queue.RequireRoomAsync(db, "p", Ct));
        await queue.RequireRoomAsync(db, "other", Ct);
        await queue.CancelAsync("p", first, "x", Ct);
        await queue.RequireRoomAsync(db, "p", Ct);
    }

    [Fact]
    public async Task Next_LeaseThatRanOut_IsTakenFirstWithTheNextEpoch()
    {
        await using var folder = await DataFolder.CreateAsync(await database(), new QueueOptions { LeaseTimeout = TimeSpan.FromMilliseconds(300) });
        var queue = folder.Get<JobQueue>();
        var id = await queue.EnqueueAsync("p", JobKind.Train, new TrainRequest(Guid.NewGuid()), "x", Ct);
        var silent = (await queue.TakeNextAsync(WorkQueue.Gpu, Ct))!;
        await queue.EnqueueAsync("p", JobKind.PrivacyGate, new PrivacyGateRequest(Guid.NewGuid()), "x", Ct);
        await DataFolder.UntilAsync(async () => DateTimeOffset.UtcNow - (await folder.JobAsync(id)).HeartbeatAt > TimeSpan.FromSeconds(1));
        var next = (await queue.TakeNextAsync(WorkQueue.Gpu, Ct))!;
        Assert.Equal((id, 2), (next.Id, next.Epoch));
        await Assert.ThrowsAsync<StaleEpochException>(() => silent.CompleteAsync(new { }, ct: Ct));
    }

    [Fact]
    public async Task Cancel_JobWhoseWorkerIsGone_IsCancelledAtOnce()
    {
        await using var folder = await DataFolder.CreateAsync(await database(), new QueueOptions { LeaseTimeout = TimeSpan.FromMilliseconds(300) });
        var queue = folder.Get<JobQueue>();
        var id = await queue.EnqueueAsync("p", JobKind.Train, new TrainRequest(Guid.NewGuid()), "x", Ct);
        var silent = (await queue.TakeNextAsync(WorkQueue.Gpu, Ct))!;
        await DataFolder.UntilAsync(async () => DateTimeOffset.UtcNow - (await folder.JobAsync(id)).HeartbeatAt > TimeSpan.FromSeconds(1));
        Assert.Equal(CancelOutcome.Cancelled, await queue.CancelAsync("p", id, "x", Ct));
        await Assert.ThrowsAsync<StaleEpochException>(() => silent.CompleteAsync(new { }, ct: Ct));
    }

    private Task<Guid> EnqueueAsync(string project, JobKind kind) => Queue.EnqueueAsync(project, kind, new TrainRequest(Guid.NewGuid()), "x", Ct);

    /// <summary>Runs the next job to its end; the project it was for.</summary>
    private async Task<string> RunNextAsync()
    {
        var lease = (await Queue.TakeNextAsync(WorkQueue.Gpu, Ct))!;
        await Task.Delay(20, Ct); // it takes some time, which is what the share is counted in
        await lease.CompleteAsync(new { }, ct: Ct);
        return lease.Project;
    }
}
