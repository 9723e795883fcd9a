using System.Collections.Concurrent;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MedGan.Storage.Tests.Queue;

public abstract class WorkerTests(Func<Task<string?>> database) : IAsyncLifetime
{
    private DataFolder _folder = null!;
    private IHost? _host;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;
    private JobQueue Queue => _folder.Get<JobQueue>();

    public async ValueTask InitializeAsync() => _folder = await DataFolder.CreateAsync(await database());

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync(CancellationToken.None);
            _host.Dispose();
        }
        await _folder.DisposeAsync();
    }

    [Fact]
    public async Task Worker_QueuedJob_RunsToSuccessWithResultProgressAndLog()
    {
        await StartAsync(async (lease, ct) =>
        {
            await lease.ReportAsync(0.5, "halfway", ct);
            await lease.LogAsync("a line", ct);
            await lease.CompleteAsync(new { Images = 3 }, ct: ct);
        });
        var job = await RunAsync();
        Assert.Equal(JobState.Succeeded, job.State);
        Assert.Equal("""{"images":3}""", job.ResultJson);
        Assert.Equal((1.0, "halfway", 1), (job.Progress, job.Message, job.Epoch));
        await using var db = _folder.Db();
        Assert.Equal("a line", Assert.Single(db.JobLogs, l => l.JobId == job.Id).Line);
        var audit = await _folder.AuditAsync();
        Assert.Equal(["job.queued", "job.started", "job.succeeded"], audit.Select(Action));
    }

    [Fact]
    public async Task Worker_HandlerThrowsUnknownException_FailsWithIncidentAndStoresNoneOfItsText()
    {
        await StartAsync((_, _) => throw new FormatException("PatientName DOE^JANE"));
        var job = await RunAsync();
        Assert.Equal(JobState.Failed, job.State);
        Assert.Matches("^An unexpected error stopped this job \\(incident [0-9a-f]{12}\\)", job.Error);
        var incident = job.Error!.Split("incident ")[1][..12];
        Assert.Contains(_log, l => l.Contains(incident) && l.Contains("System.FormatException"));
        Assert.DoesNotContain(_log, l => l.Contains("DOE"));
        Assert.DoesNotContain(await _folder.AuditAsync(), l => l.Contains("DOE"));
    }

    [Fact]
    public async Task Worker_HandlerThrowsKnownFailure_StoresItsSentence()
    {
        await StartAsync((_, _) => throw new JobFailedException("The MR cohort has no patient."));
        Assert.Equal("The MR cohort has no patient.", (await RunAsync()).Error);
    }

    [Fact]
    public async Task Worker_DiskFull_SaysSo()
    {
        await StartAsync((_, _) => throw new InvalidOperationException("x", new IOException("No space left on device : '/secret'", 28)));
        Assert.Equal("The disk that holds the data folder is full; free some space and try again.", (await RunAsync()).Error);
    }

    [Fact]
    public async Task Worker_FailureThatMayPass_IsTriedAgainUntilItHasPassed()
    {
        await StartAsync(async (lease, ct) =>
        {
            if (lease.Retries < 2) throw new InvalidOperationException("x", new TransientJobException("The PACS does not answer."));
            await lease.CompleteAsync(new { lease.Retries }, ct: ct);
        });
        var job = await RunAsync();
        Assert.Equal((JobState.Succeeded, """{"retries":2}""", 3, 1), (job.State, job.ResultJson, job.Epoch, job.Attempts));
        Assert.Equal(
            ["job.queued", "job.started", "job.retried", "job.started", "job.retried", "job.started", "job.succeeded"], (await _folder.AuditAsync()).Select(Action));
    }

    [Fact]
    public async Task Worker_FailureThatMightPassButDoesNot_IsGivenUpInTheEnd()
    {
        await StartAsync((_, _) => throw new TransientJobException("The PACS does not answer."));
        var job = await RunAsync();
        Assert.Equal((JobState.Failed, "The PACS does not answer.", 5), (job.State, job.Error, job.Retries));
    }

    [Fact]
    public async Task Worker_HandlerReturnsWithoutCompleting_IsFailed()
    {
        await StartAsync((_, _) => Task.CompletedTask);
        Assert.Equal(JobState.Failed, (await RunAsync()).State);
    }

    [Fact]
    public async Task Worker_CancelOfRunningJob_StopsItAndAudits()
    {
        await StartAsync((_, ct) => Task.Delay(Timeout.Infinite, ct));
        var id = await EnqueueAsync();
        await DataFolder.UntilAsync(async () => (await _folder.JobAsync(id)).State == JobState.Running);
        Assert.Equal(CancelOutcome.Requested, await Queue.CancelAsync("p", id, "researcher", Ct));
        await DataFolder.UntilAsync(async () => (await _folder.JobAsync(id)).State == JobState.Cancelled);
        var audit = await _folder.AuditAsync();
        Assert.Contains("\"actor\":\"researcher\"", Assert.Single(audit, l => Action(l) == "job.cancel-requested"));
        Assert.Contains(audit, l => Action(l) == "job.cancelled");
    }

    [Fact]
    public async Task Worker_TwoTrainings_RunOneAfterTheOtherWhileAnIngestRunsBeside()
    {
        var running = new ConcurrentDictionary<JobKind, int>();
        var trainings = 0;
        var together = false;
        var beside = new TaskCompletionSource();
        await StartAsync(async (lease, ct) =>
        {
            var now = running.AddOrUpdate(lease.Kind, 1, (_, n) => n + 1);
            if (lease.Kind == JobKind.Train && now > 1) together = true;
            if (lease.Kind == JobKind.Ingest && running.GetValueOrDefault(JobKind.Train) == 1) beside.TrySetResult();
            if (lease.Kind == JobKind.Train && Interlocked.Increment(ref trainings) == 1) await beside.Task.WaitAsync(TimeSpan.FromSeconds(20), ct);
            await Task.Delay(300, ct);
            running.AddOrUpdate(lease.Kind, 0, (_, n) => n - 1);
            await lease.CompleteAsync(new { }, ct: ct);
        });
        var jobs = new List<Guid> { await EnqueueAsync(), await EnqueueAsync() };
        await DataFolder.UntilAsync(async () => (await _folder.JobAsync(jobs[0])).State == JobState.Running);
        jobs.Add(await EnqueueAsync(JobKind.Ingest));
        foreach (var job in jobs) Assert.Equal(JobState.Succeeded, (await EndAsync(job)).State);
        Assert.False(together);
        Assert.True(beside.Task.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Worker_JobWaitsLongForItsTurn_RunsWhenTheFirstOneEnds()
    {
        await StartAsync(async (lease, ct) =>
        {
            await Task.Delay(2500, ct); // longer than Quartz's misfire threshold
            await lease.CompleteAsync(new { }, ct: ct);
        });
        Guid[] jobs = [await EnqueueAsync(), await EnqueueAsync()];
        foreach (var job in jobs) Assert.Equal(JobState.Succeeded, (await EndAsync(job)).State);
        var (first, second) = (await _folder.JobAsync(jobs[0]), await _folder.JobAsync(jobs[1]));
        Assert.InRange((second.StartedAt - first.FinishedAt)!.Value.TotalSeconds, 0, 30);
    }

    [Fact]
    public async Task Worker_OrderlyStop_GivesTheJobBackAndTheNextWorkerGoesOn()
    {
        await StartAsync((_, ct) => Task.Delay(Timeout.Infinite, ct));
        var id = await EnqueueAsync();
        await DataFolder.UntilAsync(async () => (await _folder.JobAsync(id)).State == JobState.Running);
        await _host!.StopAsync(Ct);
        _host.Dispose();
        var waiting = await _folder.JobAsync(id);
        Assert.Equal((JobState.Queued, 0), (waiting.State, waiting.Attempts));
        Assert.Equal(["job.queued", "job.started", "job.given-back"], (await _folder.AuditAsync()).Select(Action));
        await StartAsync((lease, ct) => lease.CompleteAsync(new { }, ct: ct));
        var job = await EndAsync(id);
        Assert.Equal((JobState.Succeeded, 2), (job.State, job.Epoch));
    }

    [Fact]
    public async Task Worker_StageCompletes_NextStageIsQueuedInTheSameTransactionAndRuns()
    {
        var setId = Guid.NewGuid();
        var next = Guid.Empty;
        await StartAsync((lease, ct) => lease.CompleteAsync(new { }, (db, audit) =>
        {
            if (lease.Kind == JobKind.Ingest) next = Queue.Add(db, "p", JobKind.Publish, new PublishRequest(setId), lease.Actor);
            return Task.CompletedTask;
        }, ct));
        await EndAsync(await EnqueueAsync(JobKind.Ingest));
        Assert.Equal(JobState.Succeeded, (await EndAsync(next)).State);
    }

    [Fact]
    public async Task Worker_Starts_OrphanFilesAreRemoved()
    {
        await using (var died = _folder.Second())
        {
            var vault = died.GetRequiredService<Storage.Objects.ObjectVault>();
            await vault.PlaceAsync(await vault.StageAsync("p", s => s.Write("no row names me"u8), Ct), Ct);
        }
        Assert.NotEmpty(_folder.Objects());
        await StartAsync((_, _) => Task.CompletedTask);
        await DataFolder.UntilAsync(() => Task.FromResult(_folder.Objects().Count == 0));
    }

    private readonly ConcurrentQueue<string> _log = [];

    private async Task StartAsync(Func<JobLease, CancellationToken, Task> handle)
    {
        _host = WorkerProcess.Build(_folder.Options, (_, _) => new Handler(handle), l => l.AddProvider(new Lines(_log)));
        await _host.StartAsync(Ct);
    }

    private Task<Guid> EnqueueAsync(JobKind kind = JobKind.Train) => Queue.EnqueueAsync("p", kind, new TrainRequest(Guid.NewGuid()), "researcher", Ct);

    private async Task<JobRecord> RunAsync() => await EndAsync(await EnqueueAsync());

    private async Task<JobRecord> EndAsync(Guid id)
    {
        await DataFolder.UntilAsync(async () => (await _folder.JobAsync(id)).IsFinal);
        return await _folder.JobAsync(id);
    }

    private static string Action(string leaf) => System.Text.Json.JsonDocument.Parse(leaf).RootElement.GetProperty("action").GetString()!;

    private sealed class Handler(Func<JobLease, CancellationToken, Task> handle) : IJobHandler
    {
        public Task HandleAsync(JobLease lease, CancellationToken ct) => handle(lease, ct);
    }

    private sealed class Lines(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(formatter(state, exception) + exception);
        public void Dispose() { }
    }
}
