using System.Data.Common;
using System.Diagnostics.Metrics;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace MedGan.Operation.Telemetry;

/// <summary>
/// How much is waiting, read from the database when somebody asks. Every process tells the same figures: take the maximum over them,
/// not the sum. While the database is away there are none.
/// </summary>
internal sealed class QueueGauges(IDbContextFactory<MedGanDb> dbs, TimeProvider clock) : IHostedService, IDisposable
{
    private readonly Meter _meter = new(QueueTelemetry.Name);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _meter.CreateObservableGauge("medgan.jobs.open", () => Read(OpenJobs), "{job}", "Jobs that wait or run.");
        _meter.CreateObservableGauge("medgan.jobs.oldest.wait", () => Read(OldestWait), "s", "How long the job that waits the longest has waited.");
        _meter.CreateObservableGauge("medgan.outbox.waiting", () => Read(Waiting), "{event}", "Events that the broker has not confirmed yet.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<double>> Read(Func<MedGanDb, IEnumerable<Measurement<double>>> read)
    {
        try
        {
            using var db = dbs.CreateDbContext();
            return [.. read(db)];
        }
        catch (Exception e) when (e is DbException or InvalidOperationException or TimeoutException)
        {
            return [];
        }
    }

    private static IEnumerable<Measurement<double>> OpenJobs(MedGanDb db)
    {
        var counts = db.Jobs.Where(j => j.State == JobState.Queued || j.State == JobState.Running)
            .GroupBy(j => new { j.Queue, j.State }).Select(g => new { g.Key, Count = g.Count() }).ToDictionary(g => (g.Key.Queue, g.Key.State), g => g.Count);
        foreach (var queue in Enum.GetValues<WorkQueue>())
        {
            foreach (var state in (JobState[])[JobState.Queued, JobState.Running])
                yield return new Measurement<double>(counts.GetValueOrDefault((queue, state)), Label("queue", queue), Label("state", state));
        }
    }

    private IEnumerable<Measurement<double>> OldestWait(MedGanDb db)
    {
        var oldest = db.Jobs.Where(j => j.State == JobState.Queued).Select(j => (DateTimeOffset?)j.CreatedAt).Min();
        yield return new Measurement<double>(oldest is { } since ? Math.Max(0, (clock.GetUtcNow() - since).TotalSeconds) : 0);
    }

    private static IEnumerable<Measurement<double>> Waiting(MedGanDb db)
    {
        yield return new Measurement<double>(db.Outbox.Count(o => o.PublishedAt == null));
    }

    private static KeyValuePair<string, object?> Label<T>(string name, T value) => new(name, value?.ToString()?.ToLowerInvariant());
}
