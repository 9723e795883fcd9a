using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Storage.Objects;

/// <summary>Removes files that no row names: what a crash between a file's name and its row leaves. Run it when a process starts.</summary>
public sealed class OrphanSweep(IDbContextFactory<MedGanDb> dbs, StorageOptions options, TimeProvider clock)
{
    /// <summary>Sweeps both stores; the number of objects removed.</summary>
    public async Task<int> RunAsync(CancellationToken ct = default)
    {
        return await SweepAsync(new ObjectFiles(options.ObjectsFolder), (db, sha) => db.Instances.AnyAsync(i => i.Sha256 == sha, ct), ct)
            + await SweepAsync(new ObjectFiles(options.ReleasedFolder), (db, sha) => db.Released.AnyAsync(r => r.Sha256 == sha, ct), ct);
    }

    private async Task<int> SweepAsync(ObjectFiles files, Func<MedGanDb, string, Task<bool>> isNamed, CancellationToken ct)
    {
        files.RemoveAbandoned(clock.GetUtcNow());
        await using var db = await dbs.CreateDbContextAsync(ct);
        var orphans = new List<string>();
        foreach (var sha256 in files.All())
        {
            if (!await isNamed(db, sha256)) orphans.Add(sha256);
        }
        if (orphans.Count == 0) return 0;
        var removed = 0;
        await using var transaction = await db.Database.BeginTransactionAsync(ct); // look again under the write lock: an upload may be committing
        foreach (var sha256 in orphans)
        {
            if (await isNamed(db, sha256)) continue;
            files.Remove(sha256);
            removed++;
        }
        return removed;
    }
}
