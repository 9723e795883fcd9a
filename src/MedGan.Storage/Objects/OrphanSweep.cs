using MedGan.Storage.Database;
using MedGan.Storage.Objects.Stores;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Storage.Objects;

/// <summary>
/// Removes objects that no row names: what a process that died placed and never named, or could not take back. Only the objects of
/// processes that have ended are looked at, each process once; those of living ones are their own business. Run it now and then.
/// </summary>
public sealed class OrphanSweep
{
    private const int Batch = 500;

    private readonly IDbContextFactory<MedGanDb> _dbs;
    private readonly IObjectStore _store;
    private readonly Scratch _scratch;
    private readonly TimeProvider _clock;

    internal OrphanSweep(IDbContextFactory<MedGanDb> dbs, IObjectStore store, Scratch scratch, TimeProvider clock) =>
        (_dbs, _store, _scratch, _clock) = (dbs, store, scratch, clock);

    /// <summary>Sweeps; the number of objects removed.</summary>
    public async Task<int> RunAsync(CancellationToken ct = default)
    {
        var removed = 0;
        foreach (var writer in await EndedAsync(ct)) removed += await SweepAsync(writer, ct);
        await using var db = await _dbs.CreateDbContextAsync(ct);
        _scratch.RemoveAbandoned(await db.StoreWriters.Select(w => w.Scratch).ToListAsync(ct));
        return removed;
    }

    /// <summary>Decides who has ended. From the commit on, nothing they placed can get a name any more.</summary>
    private async Task<IReadOnlyList<Guid>> EndedAsync(CancellationToken ct)
    {
        await using var db = await _dbs.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var silent = await DatabaseClock.NowAsync(db, _clock, ct) - StoreWriter.Silence;
        var writers = await db.StoreWriters.ToListAsync(ct);
        foreach (var writer in writers.Where(w => !w.Ended)) writer.Ended = writer.SeenAt < silent || _scratch.HasEnded(writer.Scratch);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return [.. writers.Where(w => w.Ended).Select(w => w.Id)];
    }

    private async Task<int> SweepAsync(Guid writer, CancellationToken ct)
    {
        var prefix = $"{writer:N}/";
        await using var db = await _dbs.CreateDbContextAsync(ct);
        var removed = 0;
        await foreach (var some in Batches(_store.ListAsync(prefix, ct), ct))
        {
            var named = await db.StoredObjects.Where(o => some.Contains(o.Name)).Select(o => o.Name).ToListAsync(ct);
            foreach (var orphan in some.Except(named))
            {
                await _store.RemoveAsync(orphan, ct);
                removed++;
            }
        }
        await _store.AbortUnfinishedAsync(prefix, ct);
        await db.StoreWriters.Where(w => w.Id == writer).ExecuteDeleteAsync(ct); // last: a sweep that is broken off is done again
        return removed;
    }

    private static async IAsyncEnumerable<string[]> Batches(IAsyncEnumerable<string> names, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var batch = new List<string>(Batch);
        await foreach (var name in names.WithCancellation(ct))
        {
            batch.Add(name);
            if (batch.Count < Batch) continue;
            yield return [.. batch];
            batch.Clear();
        }
        if (batch.Count > 0) yield return [.. batch];
    }
}
