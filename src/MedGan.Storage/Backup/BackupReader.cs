using MedGan.Storage.Objects;
using MedGan.Storage.Objects.Stores;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Storage.Backup;

/// <summary>Restores a backup into an empty place: the same kind of database, and the data folder or bucket of the settings.</summary>
public sealed class BackupReader
{
    private readonly StorageOptions _options;
    private readonly IObjectStore _store;
    private readonly Scratch _scratch;
    private readonly IDbContextFactory<MedGanDb> _dbs;
    private readonly ObjectVault _vault;

    internal BackupReader(StorageOptions options, IObjectStore store, Scratch scratch, IDbContextFactory<MedGanDb> dbs, ObjectVault vault) =>
        (_options, _store, _scratch, _dbs, _vault) = (options, store, scratch, dbs, vault);

    /// <summary>Checks every file of the backup against its manifest, puts the objects back, then the database, and opens one object to see that the keys fit.</summary>
    /// <param name="folder">The backup.</param>
    /// <param name="keys">A folder with its key files, which are copied into the data folder; null: they are there already.</param>
    /// <param name="ct">Breaks off; the database is still empty then, and the restore can be run again.</param>
    /// <exception cref="BackupException">The backup is damaged or of another kind, the place is not empty, or the keys do not fit.</exception>
    public async Task<BackupResult> RunAsync(string folder, string? keys, CancellationToken ct = default)
    {
        var backup = new BackupFolder(folder);
        var manifest = backup.ReadManifest() ?? throw new BackupException($"{folder} holds no backup: it has no manifest.json.");
        var kind = _options.Postgres is null ? BackupFolder.Sqlite : BackupFolder.Postgres;
        if (manifest.Database != kind) throw new BackupException($"The backup holds a database of the kind {manifest.Database}, and the settings name one of the kind {kind}.");
        _options.CreateFolders();
        await DatabaseDump.RequireEmptyAsync(_options, ct);
        if (await BackupFolder.HashAsync(backup.Database, ct) != manifest.DatabaseSha256) throw new BackupException("The database of the backup is missing or was changed; nothing was restored.");
        await CheckAsync(manifest.Objects, backup.ObjectPath, ct);
        await CheckAsync(manifest.Plain, backup.PlainPath, ct);

        if (keys is not null) await CopyKeysAsync(keys, ct);
        foreach (var name in manifest.Plain.Keys)
        {
            await using var source = File.OpenRead(backup.PlainPath(name));
            await BackupFolder.CopyAsync(source, Path.Combine(_options.DataFolder, name), ct);
        }
        var bytes = 0L;
        foreach (var name in manifest.Objects.Keys)
        {
            var file = _scratch.NewFile();
            await using (var source = File.OpenRead(backup.ObjectPath(name))) await BackupFolder.CopyAsync(source, file, ct);
            bytes += new FileInfo(file).Length;
            await _store.RemoveAsync(name, ct); // left by a restore that was broken off
            await _store.PutAsync(name, file, ct);
        }
        await DatabaseDump.RestoreAsync(_options, backup.Database, ct);
        await CheckKeysAsync(ct);
        return new BackupResult(manifest.Objects.Count, manifest.Objects.Count, bytes);
    }

    private static async Task CheckAsync(IReadOnlyDictionary<string, string> files, Func<string, string> path, CancellationToken ct)
    {
        foreach (var (name, sha256) in files)
        {
            if (await BackupFolder.HashAsync(path(name), ct) != sha256) throw new BackupException($"{path(name)} is missing or was changed; nothing was restored.");
        }
    }

    private async Task CopyKeysAsync(string keys, CancellationToken ct)
    {
        if (!Directory.Exists(keys)) throw new BackupException($"There is no folder {keys} with the key files of the backup.");
        foreach (var file in Directory.EnumerateFiles(keys, "*.key"))
        {
            await using var source = File.OpenRead(file);
            await BackupFolder.CopyAsync(source, Path.Combine(_options.KeysFolder, Path.GetFileName(file)), ct);
        }
    }

    private async Task CheckKeysAsync(CancellationToken ct)
    {
        await using var db = await _dbs.CreateDbContextAsync(ct);
        if (await db.StoredObjects.AsNoTracking().OrderBy(o => o.Name).FirstOrDefaultAsync(ct) is not { } one) return;
        try
        {
            await using var _ = await _vault.OpenAsync(one.Project, one.Name, one.Sha256, ct);
        }
        catch (ObjectKeyMissingException e)
        {
            throw new BackupException($"Everything is restored but the keys: {e.Message}", e);
        }
    }
}
