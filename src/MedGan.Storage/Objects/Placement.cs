using System.Data.Common;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Storage.Objects;

/// <summary>The process was taken for dead while it worked, so what it placed may be gone; nothing was stored.</summary>
internal sealed class WriterLostException() : IOException("This process was not heard of for too long, so nothing was stored; try again.");

/// <summary>
/// The objects of one transaction. They are staged and placed before it, each under a name of its own, and named in it by rows of
/// <see cref="MedGanDb.StoredObjects"/>. Afterwards what no row names is removed; what a crash leaves, <see cref="OrphanSweep"/> removes.
/// </summary>
internal sealed class Placement(ObjectVault vault, IDbContextFactory<MedGanDb> dbs, TimeProvider clock) : IAsyncDisposable
{
    private const int AtOnce = 8;
    private const int Batch = 500;

    private readonly SemaphoreSlim _slots = new(AtOnce);
    private readonly List<StagedObject> _staged = [];
    private readonly List<Task> _placing = [];
    private readonly List<string> _replaced = [];
    private (MedGanDb Db, Guid Writer)? _counts;
    private bool _committed;

    /// <summary>Stages an object and begins to place it, beside a few others.</summary>
    public async Task<StagedObject> AddAsync(string project, Action<Stream> write, CancellationToken ct)
    {
        if (_placing.Find(task => task.IsFaulted) is { } failed) await failed; // no need to take in the rest
        var staged = await vault.StageAsync(project, write, ct);
        _staged.Add(staged);
        await _slots.WaitAsync(ct);
        var placing = PlaceAsync(staged, ct);
        if (!placing.IsCompletedSuccessfully) _placing.Add(placing);
        return staged;
    }

    /// <summary>Waits until everything is placed. Do it before the transaction: it may take long, and others write meanwhile.</summary>
    public async Task PlacedAsync()
    {
        await Task.WhenAll(_placing);
        _placing.Clear();
    }

    /// <summary>Names an object, in a transaction. One that had the name is replaced and removed afterwards.</summary>
    /// <exception cref="WriterLostException">It may be gone.</exception>
    public async Task NameAsync(MedGanDb db, string path, StagedObject staged, CancellationToken ct)
    {
        await RequireWriterAsync(db, staged, ct);
        if (await db.StoredObjects.FindAsync([path], ct) is { } there)
        {
            _replaced.Add(there.Name);
            (there.Name, there.Sha256, there.Bytes, there.StoredAt) = (staged.Name, staged.Sha256, staged.Bytes, clock.GetUtcNow());
        }
        else Add(db, path, staged);
    }

    /// <summary>Names an object unless the name is given already, to the same content as the name says.</summary>
    /// <exception cref="WriterLostException">It may be gone.</exception>
    public async Task NameContentAsync(MedGanDb db, string path, StagedObject staged, CancellationToken ct)
    {
        if (await db.StoredObjects.FindAsync([path], ct) is not null) return;
        await RequireWriterAsync(db, staged, ct);
        Add(db, path, staged);
    }

    /// <summary>Takes away the names that begin with a prefix, but for some; the objects are removed afterwards.</summary>
    public async Task ForgetAsync(MedGanDb db, string prefix, IReadOnlyCollection<string> kept, CancellationToken ct)
    {
        foreach (var row in await db.StoredObjects.Where(o => o.Path.StartsWith(prefix)).ToListAsync(ct))
        {
            if (kept.Contains(row.Path)) continue;
            _replaced.Add(row.Name);
            db.StoredObjects.Remove(row);
        }
    }

    /// <summary>The transaction is through. What it replaced can go.</summary>
    public void Committed() => _committed = true;

    /// <summary>Removes what is not named. Where the store or the database fails, the sweep does it later.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Task.WhenAll(_placing);
        }
        catch (Exception)
        {
            // told already; what was placed all the same is removed below
        }
        foreach (var staged in _staged) File.Delete(staged.File);
        try
        {
            await SettleAsync();
        }
        catch (Exception e) when (e is DbException or DbUpdateException or InvalidOperationException or IOException or TimeoutException)
        {
            // the first failure is the one to tell
        }
        _slots.Dispose();
    }

    private async Task SettleAsync()
    {
        var unsure = _staged.Select(s => s.Name).Concat(_committed ? _replaced : []).ToList();
        if (unsure.Count == 0) return;
        await using var db = await dbs.CreateDbContextAsync();
        // Who cannot say whether the commit came through must wait for it, and holding the write lock is to have waited.
        await using var transaction = _committed ? null : await db.Database.BeginTransactionAsync();
        foreach (var some in unsure.Chunk(Batch))
        {
            var named = await db.StoredObjects.Where(o => some.Contains(o.Name)).Select(o => o.Name).ToListAsync();
            await vault.RemoveAsync(some.Except(named), CancellationToken.None);
        }
    }

    private async Task PlaceAsync(StagedObject staged, CancellationToken ct)
    {
        try
        {
            await vault.PlaceAsync(staged, ct);
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task RequireWriterAsync(MedGanDb db, StagedObject staged, CancellationToken ct)
    {
        if (_counts == (db, staged.Writer)) return; // asked in this transaction already
        if (!await StoreWriter.CountsAsync(db, staged.Writer, ct)) throw new WriterLostException();
        _counts = (db, staged.Writer);
    }

    private void Add(MedGanDb db, string path, StagedObject staged) => db.StoredObjects.Add(new StoredObjectRecord
    {
        Path = path,
        Project = staged.Project,
        Name = staged.Name,
        Sha256 = staged.Sha256,
        Bytes = staged.Bytes,
        StoredAt = clock.GetUtcNow(),
    });
}
