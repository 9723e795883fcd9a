using System.Data.Common;
using MedGan.Storage.Pacs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MedGan.Storage.Objects;

/// <summary>Removes the references of fetches that have ended, and runs the orphan sweep: when the worker starts, and every ten minutes from then on.</summary>
internal sealed partial class SweepAtStart(OrphanSweep sweep, StudyFetches fetches, TimeProvider clock, ILogger<SweepAtStart> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                await fetches.ForgetEndedAsync(stoppingToken);
                if (await sweep.RunAsync(stoppingToken) is var removed and > 0) Removed(log, removed);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or DbException or InvalidOperationException or TimeoutException)
            {
                NotSwept(log, e.GetType().Name); // the next round does it
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed {Count} objects that no row names.")]
    private static partial void Removed(ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Objects that no row names could not be removed ({Kind}).")]
    private static partial void NotSwept(ILogger log, string kind);
}
