using System.Collections.Concurrent;
using MedGan.Storage.Queue;

namespace MedGan.Jobs.Hosting;

/// <summary>
/// Carries the newest progress of a computation to the job's row, at most twice a second. A report that fails - the job was
/// cancelled, or another worker has taken it over - stops the computation through <see cref="Stopped"/>; nothing is swallowed.
/// </summary>
internal sealed class JobProgress : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly JobLease lease;
    private readonly CancellationTokenSource stop;
    private readonly CancellationTokenSource done = new();
    private readonly Task pump;
    private readonly ConcurrentQueue<string> lines = new();
    private Report? newest;

    public JobProgress(JobLease lease, CancellationToken ct)
    {
        this.lease = lease;
        stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        pump = PumpAsync();
    }

    /// <summary>Ends when the job is cancelled, the worker stops, or a report was refused.</summary>
    public CancellationToken Stopped => stop.Token;

    /// <summary>Says how far the work is; returns at once.</summary>
    public void Post(double progress, string message) =>
        Interlocked.Exchange(ref newest, new Report(Math.Clamp(progress, 0, 1), message));

    /// <summary>Adds a line to the job's log; returns at once.</summary>
    public void Log(string line) => lines.Enqueue(line);

    /// <summary>Writes the last report; throws what made an earlier one fail.</summary>
    public async ValueTask DisposeAsync()
    {
        await done.CancelAsync();
        try
        {
            await pump;
        }
        finally
        {
            stop.Dispose();
            done.Dispose();
        }
    }

    private async Task PumpAsync()
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Interval);
        try
        {
            do await WriteAsync();
            while (await Tick(timer));
            if (!stop.IsCancellationRequested) await WriteAsync();
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }

    private async Task WriteAsync()
    {
        while (lines.TryDequeue(out var line)) await lease.LogAsync(line);
        if (Interlocked.Exchange(ref newest, null) is { } report) await lease.ReportAsync(report.Progress, report.Message);
    }

    private async Task<bool> Tick(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(done.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private sealed record Report(double Progress, string Message);
}
