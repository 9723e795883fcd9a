using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Storage.Objects;

/// <summary>
/// Stored objects by the paths that other rows name them by, whatever store they lie in. Every process that has the database, the
/// store and the keys reads the same; what an earlier version left as plain files in the data folder is read from there.
/// </summary>
public sealed class ObjectIndex
{
    /// <summary>Where an earlier version kept instances, in the data folder.</summary>
    internal const string PlainObjects = "objects";

    /// <summary>Where an earlier version kept released instances, in the data folder.</summary>
    internal const string PlainReleased = "released";

    private readonly IDbContextFactory<MedGanDb> _dbs;
    private readonly ObjectVault _vault;
    private readonly PlainFiles _plain;
    private readonly TimeProvider _clock;

    internal ObjectIndex(IDbContextFactory<MedGanDb> dbs, ObjectVault vault, PlainFiles plain, TimeProvider clock) =>
        (_dbs, _vault, _plain, _clock) = (dbs, vault, plain, clock);

    /// <summary>Stores a file of a job under a path, over whatever has it. The job's epoch fences it.</summary>
    /// <exception cref="StaleEpochException">The lease was lost; nothing is kept.</exception>
    /// <exception cref="StorageFullException">No room is left; nothing is kept.</exception>
    /// <exception cref="ObjectStoreUnavailableException">The store does not take it now; nothing is kept.</exception>
    public Task WriteAsync(JobLease lease, string path, Action<Stream> write, CancellationToken ct = default) =>
        WriteAsync(lease, [(path, write)], ct: ct);

    /// <summary>Stores files of a job: all of them become visible at once, or none.</summary>
    /// <param name="lease">The job.</param>
    /// <param name="files">Each with its path.</param>
    /// <param name="replaced">Paths that begin with this, and are not among the files, are removed in the same moment.</param>
    /// <param name="ct">Cancels before anything is visible.</param>
    public async Task WriteAsync(JobLease lease, IReadOnlyCollection<(string Path, Action<Stream> Write)> files, string? replaced = null, CancellationToken ct = default)
    {
        await using var placement = NewPlacement();
        var staged = new List<(string Path, StagedObject Object)>();
        foreach (var (path, write) in files) staged.Add((path, await placement.AddAsync(lease.Project, write, ct)));
        await placement.PlacedAsync();
        await lease.WriteAsync(async (db, _) =>
        {
            foreach (var (path, one) in staged) await placement.NameAsync(db, path, one, ct);
            if (replaced is not null) await placement.ForgetAsync(db, replaced, [.. staged.Select(s => s.Path)], ct);
        }, ct);
        placement.Committed();
    }

    /// <summary>Opens what has a path; null where nothing has. Bytes are checked before they are handed out.</summary>
    /// <exception cref="ObjectDamagedException">It is missing or was changed; it may show only as the stream is read.</exception>
    /// <exception cref="ObjectStoreUnavailableException">The store does not answer.</exception>
    public async Task<Stream?> OpenAsync(string? path, CancellationToken ct = default)
    {
        if (string.IsNullOrEmpty(path)) return null;
        return await OpenSealedAsync(path, ct) ?? _plain.Open(path);
    }

    /// <summary>The paths that begin with a prefix, sorted.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken ct = default)
    {
        await using var db = await _dbs.CreateDbContextAsync(ct);
        var indexed = await db.StoredObjects.Where(o => o.Path.StartsWith(prefix)).Select(o => o.Path).ToListAsync(ct);
        return [.. indexed.Concat(_plain.Below(prefix)).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>Removes whatever has a path that begins with a prefix: a folder, ended by a slash, or one path.</summary>
    public async Task RemoveAsync(string prefix, CancellationToken ct = default)
    {
        await using var placement = NewPlacement();
        await using (var db = await _dbs.CreateDbContextAsync(ct))
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            await placement.ForgetAsync(db, prefix, [], ct);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
        }
        placement.Committed();
        _plain.Remove(prefix);
    }

    /// <summary>Sees that the store answers.</summary>
    /// <exception cref="ObjectStoreUnavailableException">It does not.</exception>
    public Task ProbeAsync(CancellationToken ct = default) => _vault.ProbeAsync(ct);

    internal Placement NewPlacement() => new(_vault, _dbs, _clock);

    /// <summary>Opens what is named by its content, from the index or, as an earlier version left it, from a folder.</summary>
    internal async Task<Stream> OpenContentAsync(string path, string plainFolder, string sha256, CancellationToken ct) =>
        await OpenSealedAsync(path, ct) ?? await _plain.OpenContentAsync(plainFolder, sha256, ct);

    private async Task<Stream?> OpenSealedAsync(string path, CancellationToken ct)
    {
        for (string? missed = null; ;)
        {
            if (await FindAsync(path, ct) is not { } row) return null;
            try
            {
                return await _vault.OpenAsync(row.Project, row.Name, row.Sha256, ct);
            }
            catch (ObjectDamagedException) when (row.Name != missed)
            {
                missed = row.Name; // it may have been replaced, and removed, since the row was read
            }
        }
    }

    private async Task<StoredObjectRecord?> FindAsync(string path, CancellationToken ct)
    {
        await using var db = await _dbs.CreateDbContextAsync(ct);
        return await db.StoredObjects.AsNoTracking().SingleOrDefaultAsync(o => o.Path == path, ct);
    }
}
