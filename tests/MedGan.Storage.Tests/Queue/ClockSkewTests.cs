using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.Extensions.DependencyInjection;

namespace MedGan.Storage.Tests.Queue;

/// <summary>Two machines on one PostgreSQL server whose clocks are hours apart: neither loses its job to the other, and neither takes the other's.</summary>
public sealed class ClockSkewTests(SharedPostgres postgres) : IAsyncLifetime
{
    private static readonly QueueOptions Quick = new() { LeaseTimeout = TimeSpan.FromSeconds(2), LeaseInterval = TimeSpan.FromMilliseconds(200), RetryDelay = TimeSpan.FromMilliseconds(300) };

    private DataFolder _folder = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _folder = await DataFolder.CreateAsync(await postgres.NewDatabaseAsync(), Quick);

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Theory]
    [InlineData(3)]
    [InlineData(-3)]
    public async Task JobThatIsHeld_IsNobodyElses_WhateverTheirClocksSay(int hours)
    {
        await using var skewed = On(hours);
        foreach (var (holder, other) in new[] { (skewed.GetRequiredService<JobQueue>(), _folder.Get<JobQueue>()), (_folder.Get<JobQueue>(), skewed.GetRequiredService<JobQueue>()) })
        {
            var id = await holder.EnqueueAsync("p", JobKind.Ingest, new { }, "test", Ct);
            var lease = (await holder.TakeNextAsync(WorkQueue.Cpu, Ct))!;
            Assert.Equal(id, lease.Id);
            using var done = new CancellationTokenSource();
            var held = lease.HoldAsync(done.Token);
            for (var began = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(began) < 2 * Quick.LeaseTimeout; await Task.Delay(100, Ct))
                Assert.Null(await other.TakeNextAsync(WorkQueue.Cpu, Ct));
            await done.CancelAsync();
            await held;
            await lease.CompleteAsync(new { }, ct: Ct);
            Assert.Equal((JobState.Succeeded, 1), await _folder.JobAsync(id) is var job ? (job.State, job.Epoch) : default);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-3)]
    public async Task JobOfADeadMachine_AndARetry_AreTakenInTime_WhateverItsClockSaid(int hours)
    {
        await using var skewed = On(hours);
        var queue = skewed.GetRequiredService<JobQueue>();
        var id = await queue.EnqueueAsync("p", JobKind.Ingest, new { }, "test", Ct);
        Assert.NotNull(await queue.TakeNextAsync(WorkQueue.Cpu, Ct)); // and then it is silent
        JobLease? taken = null;
        await DataFolder.UntilAsync(async () => (taken = await _folder.Get<JobQueue>().TakeNextAsync(WorkQueue.Cpu, Ct)) is not null, seconds: 20);
        Assert.Equal((id, 2), (taken!.Id, taken.Epoch));

        var again = (await queue.TakeAsync(id, Ct))!;
        await again.RetryAsync("later", Ct);
        await DataFolder.UntilAsync(async () => await _folder.Get<JobQueue>().TakeNextAsync(WorkQueue.Cpu, Ct) is not null, seconds: 20);
    }

    private ServiceProvider On(int hours) =>
        new ServiceCollection().AddSingleton<TimeProvider>(new Shifted(TimeSpan.FromHours(hours))).AddMedGanStorage(_folder.Options).AddLogging().BuildServiceProvider();

    private sealed class Shifted(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
