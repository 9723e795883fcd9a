using MedGan.Storage.Queue;
using MedGan.Storage.Records;

namespace MedGan.Storage.Tests.Queue;

public abstract class CrashTests(Func<Task<string?>> database) : IAsyncLifetime
{
    private protected DataFolder _folder = null!;

    private protected static CancellationToken Ct => TestContext.Current.CancellationToken;
    private protected JobQueue Queue => _folder.Get<JobQueue>();

    public async ValueTask InitializeAsync() => _folder = await DataFolder.CreateAsync(await database());

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task Worker_KilledInTheMiddleOfAJob_SecondWorkerRecoversItWithTheNextEpoch()
    {
        var id = await Queue.EnqueueAsync("p", JobKind.Train, new TrainRequest(Guid.NewGuid()), "researcher", Ct);
        await RunUntilEpochAndKillAsync(id, 1);
        Assert.Equal(JobState.Running, (await _folder.JobAsync(id)).State);
        using var second = _folder.StartWorker();
        try
        {
            await UntilEpochAsync(id, 2);
            await File.WriteAllTextAsync(Path.Combine(_folder.Path, "go"), "", Ct);
            await DataFolder.UntilAsync(async () => (await _folder.JobAsync(id)).IsFinal);
            var job = await _folder.JobAsync(id);
            Assert.Equal((JobState.Succeeded, 2, """{"epoch":2}"""), (job.State, job.Epoch, job.ResultJson));
            await using var db = _folder.Db();
            Assert.Equal(["epoch 1", "epoch 2"], db.JobLogs.OrderBy(l => l.Id).Select(l => l.Line));
        }
        finally
        {
            second.Kill();
            await second.WaitForExitAsync(Ct);
        }
    }

    [Fact]
    public async Task Worker_CrashesThreeTimesOnAJob_TheJobIsFailedWithThePlainReason()
    {
        var id = await Queue.EnqueueAsync("p", JobKind.Train, new TrainRequest(Guid.NewGuid()), "researcher", Ct);
        for (var epoch = 1; epoch <= 3; epoch++) await RunUntilEpochAndKillAsync(id, epoch);
        using var last = _folder.StartWorker();
        try
        {
            await DataFolder.UntilAsync(async () => (await _folder.JobAsync(id)).IsFinal);
            var job = await _folder.JobAsync(id);
            Assert.Equal((JobState.Failed, 3), (job.State, job.Epoch));
            Assert.Equal("The worker stopped unexpectedly 3 times while running this job, so it was given up.", job.Error);
        }
        finally
        {
            last.Kill();
            await last.WaitForExitAsync(Ct);
        }
    }

    private async Task RunUntilEpochAndKillAsync(Guid id, int epoch)
    {
        using var worker = _folder.StartWorker();
        try
        {
            await UntilEpochAsync(id, epoch);
        }
        finally
        {
            worker.Kill(); // SIGKILL
            await worker.WaitForExitAsync(Ct);
        }
    }

    private protected Task UntilEpochAsync(Guid id, int epoch) => DataFolder.UntilAsync(async () =>
    {
        await using var db = _folder.Db();
        return db.JobLogs.Any(l => l.JobId == id && l.Line == $"epoch {epoch}");
    });
}
