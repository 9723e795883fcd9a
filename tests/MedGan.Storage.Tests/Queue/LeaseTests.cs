using MedGan.Storage.Audit;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;

namespace MedGan.Storage.Tests.Queue;

public abstract class LeaseTests(Func<Task<string?>> database) : IAsyncLifetime
{
    private DataFolder _folder = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;
    private JobQueue Queue => _folder.Get<JobQueue>();

    public async ValueTask InitializeAsync() => _folder = await DataFolder.CreateAsync(await database());

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task Lease_AnotherWorkerTookTheJob_EveryWriteOfTheOldOneIsRefused()
    {
        var stale = await TakeAsync();
        var holder = await Queue.TakeAsync(stale.Id, Ct);
        Assert.Equal(2, holder!.Epoch);
        await Assert.ThrowsAsync<StaleEpochException>(() => stale.ReportAsync(0.9, "stale", Ct));
        await Assert.ThrowsAsync<StaleEpochException>(() => stale.LogAsync("stale", Ct));
        await Assert.ThrowsAsync<StaleEpochException>(() => stale.FailAsync("stale", Ct));
        await Assert.ThrowsAsync<StaleEpochException>(() => stale.CompleteAsync("stale", ct: Ct));
        await Assert.ThrowsAsync<StaleEpochException>(() => stale.WriteAsync((db, audit) =>
        {
            audit.Append("set.judged", new { stale = true });
            return Task.CompletedTask;
        }, Ct));
        await holder.CompleteAsync(new { Good = true }, ct: Ct);
        var job = await _folder.JobAsync(stale.Id);
        Assert.Equal((JobState.Succeeded, """{"good":true}"""), (job.State, job.ResultJson));
        Assert.DoesNotContain(await _folder.AuditAsync(), l => l.Contains("stale"));
        await using var db = _folder.Db();
        Assert.Empty(db.JobLogs);
    }

    [Fact]
    public async Task Lease_LostWhileHeld_StopsTheHandlerAndTells()
    {
        var stale = await TakeAsync();
        var hold = stale.HoldAsync(Ct);
        await Queue.TakeAsync(stale.Id, Ct);
        await Assert.ThrowsAsync<StaleEpochException>(() => hold);
        Assert.True(stale.Cancelled.IsCancellationRequested);
        Assert.False(stale.CancelRequested);
    }

    [Fact]
    public async Task Lease_JobEnded_CannotBeWrittenAgain()
    {
        var lease = await TakeAsync();
        await lease.CompleteAsync(new { }, ct: Ct);
        await Assert.ThrowsAsync<StaleEpochException>(() => lease.FailAsync("late", Ct));
        Assert.Null(await Queue.TakeAsync(lease.Id, Ct));
    }

    [Fact]
    public async Task Lease_StateChangeThrows_NothingOfTheCompletionIsStored()
    {
        var lease = await TakeAsync();
        var before = (await _folder.AuditAsync()).Count;
        await Assert.ThrowsAsync<InvalidDataException>(() => lease.CompleteAsync(new { }, (db, audit) =>
        {
            audit.Append(AuditActions.TrainingCompleted, new { });
            Queue.Add(db, "p", JobKind.Publish, new PublishRequest(Guid.NewGuid()), "x");
            throw new InvalidDataException();
        }, Ct));
        Assert.Equal(JobState.Running, (await _folder.JobAsync(lease.Id)).State);
        Assert.Equal(before, (await _folder.AuditAsync()).Count);
        await using var db = _folder.Db();
        Assert.Single(db.Jobs);
    }

    [Fact]
    public async Task Cancel_QueuedJob_IsCancelledAtOnceWithItsTraining()
    {
        var training = new TrainingRecord
        {
            Id = Guid.NewGuid(), Project = "p", Name = "t", CtCohort = "c", MrCohort = "m", PlanJson = "{}", CreatedAt = DateTimeOffset.UtcNow,
        };
        await using (var db = _folder.Db())
        {
            db.Trainings.Add(training);
            await db.SaveChangesAsync(Ct);
        }
        var id = await Queue.EnqueueAsync("p", JobKind.Train, new TrainRequest(training.Id), "r", Ct);
        Assert.Contains($"\"request\":{{\"trainingId\":\"{training.Id}\"}}", Assert.Single(await _folder.AuditAsync()));
        Assert.Equal(CancelOutcome.NotFound, await Queue.CancelAsync("other", id, "r", Ct));
        Assert.Equal(CancelOutcome.Cancelled, await Queue.CancelAsync("p", id, "r", Ct));
        Assert.Equal(CancelOutcome.AlreadyEnded, await Queue.CancelAsync("p", id, "r", Ct));
        Assert.Null(await Queue.TakeAsync(id, Ct));
        await using var after = _folder.Db();
        Assert.Equal(TrainingState.Cancelled, after.Trainings.Single().State);
    }

    [Fact]
    public async Task Report_ManyCallsInARow_LastOneIsStoredByTheHeartbeat()
    {
        var lease = await TakeAsync();
        using var done = new CancellationTokenSource();
        var hold = lease.HoldAsync(done.Token);
        for (var i = 1; i <= 1000; i++) await lease.ReportAsync(i / 2000.0, $"step {i}", Ct);
        await DataFolder.UntilAsync(async () => (await _folder.JobAsync(lease.Id)).Message == "step 1000");
        Assert.Equal(0.5, (await _folder.JobAsync(lease.Id)).Progress);
        await done.CancelAsync();
        await hold;
    }

    private async Task<JobLease> TakeAsync()
    {
        var id = await Queue.EnqueueAsync("p", JobKind.Train, new TrainRequest(Guid.NewGuid()), "researcher", Ct);
        var lease = await Queue.TakeAsync(id, Ct);
        Assert.Equal(1, lease!.Epoch);
        return lease;
    }
}
