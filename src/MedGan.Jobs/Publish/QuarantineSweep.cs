using System.Text.Json.Nodes;
using MedGan.Jobs.Hosting;
using MedGan.Storage;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MedGan.Jobs.Publish;

/// <summary>
/// When the worker starts: removes the quarantine of every set that has come to an end. Publishing removes its own; this is for
/// sets that failed or were cancelled on the way, and for a worker that died between the end and the removal.
/// </summary>
internal sealed partial class QuarantineSweep(IDbContextFactory<MedGanDb> dbs, DataFiles files, ILogger<QuarantineSweep> log) : BackgroundService
{
    /// <summary>Sweeps once.</summary>
    public async Task RunAsync(CancellationToken ct = default)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var ended = await db.SyntheticSets.AsNoTracking()
            .Where(s => s.State == SyntheticSetState.Released || s.State == SyntheticSetState.Withheld || s.State == SyntheticSetState.Failed).ToListAsync(ct);
        foreach (var set in ended)
        {
            if (JsonNode.Parse(set.JobIds)?["generate"]?.GetValue<Guid>() is not { } generate) continue;
            if (!await TryRemoveAsync(set.Id, DataFiles.QuarantineFolder(generate), ct)) continue;
            await db.SyntheticSeries.Where(s => s.SetId == set.Id && s.QuarantinePath != null)
                .ExecuteUpdateAsync(rows => rows.SetProperty(s => s.QuarantinePath, (string?)null), ct);
        }
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

    private async Task<bool> TryRemoveAsync(Guid set, string folder, CancellationToken ct)
    {
        try
        {
            if ((await files.ListAsync(folder, ct)).Count == 0) return false;
            await files.RemoveAsync(folder, ct);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            NotRemoved(log, set, e.GetType().Name); // the next start tries again; jobs must run meanwhile
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The quarantine of set {Set} could not be removed ({Kind}).")]
    private static partial void NotRemoved(ILogger log, Guid set, string kind);
}
