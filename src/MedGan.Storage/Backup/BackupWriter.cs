using MedGan.Storage.Objects;
using MedGan.Storage.Objects.Stores;

namespace MedGan.Storage.Backup;

/// <summary>What a backup or restore came to.</summary>
/// <param name="Objects">Objects in the backup.</param>
/// <param name="Copied">Those that were copied now; the others lay there already.</param>
/// <param name="Bytes">Size of the copied ones.</param>
public sealed record BackupResult(int Objects, int Copied, long Bytes);

/// <summary>Writes a backup of database and objects while the service goes on. Objects stay sealed; the keys are for somewhere else.</summary>
public sealed class BackupWriter
{
    private const int LastTry = 3;

    private readonly StorageOptions _options;
    private readonly IObjectStore _store;

    internal BackupWriter(StorageOptions options, IObjectStore store) => (_options, _store) = (options, store);

    /// <summary>Writes the backup into a folder: a new one, or one with an older backup, which stays valid until this one is whole.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="keys">Where the key files are copied to; null: nowhere.</param>
    /// <param name="ct">Breaks off; what was copied is kept for the next try.</param>
    /// <exception cref="BackupException">It cannot be done.</exception>
    public async Task<BackupResult> RunAsync(string folder, string? keys, CancellationToken ct = default)
    {
        try
        {
            return await WriteAsync(folder, keys, ct);
        }
        catch (Exception e) when (e is IOException && DiskFull.IsCauseOf(e))
        {
            throw new BackupException($"The disk that holds {folder} is full; no backup was written.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new BackupException($"{folder} cannot be written, or the data folder cannot be read: {e.Message}", e);
        }
    }

    private async Task<BackupResult> WriteAsync(string folder, string? keys, CancellationToken ct)
    {
        OwnFiles.CreateFolder(folder);
        var backup = new BackupFolder(folder);
        var there = new Dictionary<string, string>(backup.ReadManifest()?.Objects ?? new Dictionary<string, string>());
        var copied = new Dictionary<string, long>();
        for (var attempt = 1; ; attempt++)
        {
            // By the last try nearly everything is copied, so that others wait for a moment only.
            await using var alone = attempt == LastTry ? await OnlyWriter.TakeAsync(_options, ct) : null;
            var names = await DatabaseDump.WriteAsync(_options, backup.Database, ct);
            try
            {
                var objects = await CopyObjectsAsync(backup, names, there, copied, ct);
                backup.Finish(new BackupManifest(
                    BackupManifest.ThisFormat, typeof(BackupWriter).Assembly.GetName().Version?.ToString(3) ?? "", DateTimeOffset.UtcNow, _options.Postgres is null ? BackupFolder.Sqlite : BackupFolder.Postgres,
                    (await BackupFolder.HashAsync(backup.Database, ct))!, objects, await CopyPlainAsync(backup, ct)));
                if (keys is not null) await CopyKeysAsync(keys, ct);
                var now = copied.Where(c => objects.ContainsKey(c.Key)).Select(c => c.Value).ToList();
                return new BackupResult(objects.Count, now.Count, now.Sum());
            }
            catch (ObjectDamagedException) when (attempt < LastTry)
            {
                // it was replaced, and removed, after the snapshot: the next snapshot does not name it
            }
            catch (ObjectDamagedException e)
            {
                throw new BackupException($"{e.Message} No backup was written.", e);
            }
        }
    }

    private async Task<SortedDictionary<string, string>> CopyObjectsAsync(
        BackupFolder backup, IReadOnlyList<string> names, Dictionary<string, string> there, Dictionary<string, long> copied, CancellationToken ct)
    {
        var objects = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var target = backup.ObjectPath(name);
            if (there.TryGetValue(name, out var known) && File.Exists(target))
            {
                objects[name] = known;
                continue;
            }
            await using var source = await _store.OpenAsync(name, 0, ct);
            objects[name] = there[name] = await BackupFolder.CopyAsync(source, target, ct); // the next try need not copy it again
            copied[name] = new FileInfo(target).Length;
        }
        return objects;
    }

    private async Task<IReadOnlyDictionary<string, string>> CopyPlainAsync(BackupFolder backup, CancellationToken ct)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in PlainFiles.All(_options))
        {
            await using var source = File.OpenRead(Path.Combine(_options.DataFolder, name));
            files[name] = await BackupFolder.CopyAsync(source, backup.PlainPath(name), ct);
        }
        return files;
    }

    private async Task CopyKeysAsync(string keys, CancellationToken ct)
    {
        OwnFiles.CreateFolder(keys);
        foreach (var file in Directory.EnumerateFiles(_options.KeysFolder, "*.key"))
        {
            await using var source = File.OpenRead(file);
            await BackupFolder.CopyAsync(source, Path.Combine(keys, Path.GetFileName(file)), ct);
        }
        if (_options.ObjectKeysFile is not { } elsewhere) return;
        await using var objectKeys = File.OpenRead(elsewhere);
        await BackupFolder.CopyAsync(objectKeys, Path.Combine(keys, "objects.key"), ct);
    }
}
