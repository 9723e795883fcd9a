using System.Data.Common;
using MedGan.Storage.Objects;

namespace MedGan.Api.Uploads;

/// <summary>Removes, once at start, files that a crash left without a row.</summary>
internal sealed partial class SweepAtStart(OrphanSweep sweep, ILogger<SweepAtStart> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // the service answers while this goes on
        try
        {
            if (await sweep.RunAsync(stoppingToken) is var removed and > 0)
            {
                LogRemoved(removed);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DbException)
        {
            LogFailed(e.GetType().Name);
        }
        catch (OperationCanceledException)
        {
            // The service stops; the next start sweeps.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed {Count} files that no row names")]
    private partial void LogRemoved(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Files that no row names could not be removed: {Kind}")]
    private partial void LogFailed(string kind);
}
