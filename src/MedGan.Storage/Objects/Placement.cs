using System.Data.Common;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Storage.Objects;

/// <summary>
/// The files of one transaction. They get their names inside it, under the database's write lock; if it is not committed,
/// those that no row names are removed again. What a crash in between leaves, <see cref="OrphanSweep"/> removes.
/// </summary>
internal sealed class Placement(ObjectFiles files, Func<MedGanDb, string, Task<bool>> isNamed) : IDisposable
{
    private readonly List<StagedFile> _staged = [];
    private readonly List<string> _placed = [];

    public StagedFile Stage(Action<Stream> write)
    {
        var staged = files.Stage(write);
        _staged.Add(staged);
        return staged;
    }

    public void Place(StagedFile staged)
    {
        if (files.Place(staged)) _placed.Add(staged.Sha256);
    }

    /// <summary>Removes what was placed for a transaction that failed. Where the database fails too, the sweep does it later.</summary>
    public async Task CompensateAsync(IDbContextFactory<MedGanDb> dbs)
    {
        if (_placed.Count == 0) return;
        try
        {
            await RemovePlacedAsync(dbs);
        }
        catch (DbException)
        {
            // the first failure is the one to tell
        }
    }

    private async Task RemovePlacedAsync(IDbContextFactory<MedGanDb> dbs)
    {
        await using var db = await dbs.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync(); // the write lock: nobody names them meanwhile
        foreach (var sha256 in _placed)
        {
            if (!await isNamed(db, sha256)) files.Remove(sha256);
        }
    }

    /// <summary>Removes what was staged and never placed.</summary>
    public void Dispose()
    {
        foreach (var file in _staged) File.Delete(file.Path);
    }
}
