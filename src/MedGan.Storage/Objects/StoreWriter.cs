using System.Data.Common;
using MedGan.Storage.Database;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Storage.Objects;

/// <summary>
/// This process as one that places objects. It is heard of every half minute; one that is silent for long, or whose lock is free, is
/// taken for dead by <see cref="OrphanSweep"/>. Being taken for dead is decided under the database's write lock, and whoever names
/// an object asks there whether it still counts: so the sweep can be wrong about a slow process without taking anything that is named.
/// </summary>
internal sealed class StoreWriter(IDbContextFactory<MedGanDb> dbs, Scratch scratch, TimeProvider clock) : IAsyncDisposable, IDisposable
{
    /// <summary>How long a process of another machine may be silent.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _gate = new(1);
    private readonly CancellationTokenSource _ended = new();
    private Task? _beating;
    private Guid? _id;

    /// <summary>The id that names of new objects begin with; the process is made known when it is first asked for.</summary>
    public async Task<Guid> IdAsync(CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            if (_id is { } known) return known;
            var id = Guid.NewGuid();
            await using var db = await dbs.CreateDbContextAsync(ct);
            db.StoreWriters.Add(new StoreWriterRecord { Id = id, Scratch = scratch.Name, SeenAt = await DatabaseClock.NowAsync(db, clock, ct), Ended = false });
            await db.SaveChangesAsync(ct);
            _id = id;
            _beating ??= BeatAsync();
            return id;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Whether what a writer placed may be named. Ask in the transaction that names it.</summary>
    public static Task<bool> CountsAsync(MedGanDb db, Guid id, CancellationToken ct) => db.StoreWriters.AnyAsync(w => w.Id == id && !w.Ended, ct);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        if (_beating is not null) await _beating;
    }

    /// <summary>As <see cref="DisposeAsync"/>.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task BeatAsync()
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Beat, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token)) await BeatOnceAsync(_ended.Token);
        }
        catch (OperationCanceledException)
        {
            // the process ends
        }
    }

    /// <summary>One word of life. Where it cannot be stored there is nothing to do: naming an object asks the database itself.</summary>
    internal async Task BeatOnceAsync(CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            scratch.Touch();
            await using var db = await dbs.CreateDbContextAsync(ct);
            var now = await DatabaseClock.NowAsync(db, clock, ct);
            if (await db.StoreWriters.Where(w => w.Id == _id && !w.Ended).ExecuteUpdateAsync(rows => rows.SetProperty(w => w.SeenAt, now), ct) == 0) _id = null;
        }
        catch (Exception e) when (e is DbException or IOException or InvalidOperationException or TimeoutException)
        {
            // the next one may be heard
        }
        finally
        {
            _gate.Release();
        }
    }
}
