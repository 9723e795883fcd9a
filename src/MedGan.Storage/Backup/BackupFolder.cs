using System.Security.Cryptography;
using System.Text.Json;

namespace MedGan.Storage.Backup;

/// <summary>A backup or a restore cannot be done; the message is one plain sentence.</summary>
public sealed class BackupException(string sentence, Exception? inner = null) : Exception(sentence, inner);

/// <summary>What a backup holds: a database of a kind, and objects by their names with the SHA-256 of their sealed bytes.</summary>
internal sealed record BackupManifest(int Format, string Version, DateTimeOffset CreatedAt, string Database, string DatabaseSha256, IReadOnlyDictionary<string, string> Objects, IReadOnlyDictionary<string, string> Plain)
{
    /// <summary>The format that this version writes and reads.</summary>
    public const int ThisFormat = 1;
}

/// <summary>
/// The folder of a backup: manifest.json, database, objects/ under their names in the store, and plain/, what an earlier version left
/// outside of it. Objects never change, so a later backup into the same folder adds the new ones and removes what is gone.
/// </summary>
internal sealed class BackupFolder(string path)
{
    /// <summary>The kinds of database.</summary>
    public const string Sqlite = "sqlite", Postgres = "postgresql";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public string Database => Path.Combine(path, "database");

    private string ManifestPath => Path.Combine(path, "manifest.json");

    public string ObjectPath(string name) => Below("objects", name);

    public string PlainPath(string name) => Below("plain", name);

    /// <summary>Reads the manifest; null where there is none.</summary>
    /// <exception cref="BackupException">It is none of this version.</exception>
    public BackupManifest? ReadManifest()
    {
        if (!File.Exists(ManifestPath)) return null;
        try
        {
            var manifest = JsonSerializer.Deserialize<BackupManifest>(File.ReadAllText(ManifestPath), Json);
            if (manifest is { Format: BackupManifest.ThisFormat, Objects: not null, Plain: not null, Database: not null, DatabaseSha256: not null }) return manifest;
        }
        catch (JsonException)
        {
            // told below
        }
        throw new BackupException($"{ManifestPath} is no manifest of a backup that this version can read.");
    }

    /// <summary>Makes the backup valid: the manifest gets its name last. Then what it does not name is removed.</summary>
    public void Finish(BackupManifest manifest)
    {
        var temporary = ManifestPath + ".new";
        File.WriteAllText(temporary, JsonSerializer.Serialize(manifest, Json) + "\n");
        File.Move(temporary, ManifestPath, overwrite: true);
        Tidy("objects", manifest.Objects.ContainsKey);
        Tidy("plain", manifest.Plain.ContainsKey);
    }

    /// <summary>Copies a stream to a new file of the folder, whole or not at all.</summary>
    /// <returns>SHA-256 of what was copied, lower-case hex.</returns>
    public static async Task<string> CopyAsync(Stream source, string target, CancellationToken ct)
    {
        OwnFiles.CreateFolder(Path.GetDirectoryName(target)!);
        var temporary = target + ".new";
        File.Delete(temporary);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var file = OwnFiles.Create(temporary))
        {
            var buffer = new byte[1 << 17];
            for (int read; (read = await source.ReadAsync(buffer, ct)) > 0;)
            {
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), ct);
            }
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, target, overwrite: true);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>SHA-256 of a file, lower-case hex; null where it is missing.</summary>
    public static async Task<string?> HashAsync(string file, CancellationToken ct)
    {
        if (!File.Exists(file)) return null;
        await using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, ct));
    }

    private void Tidy(string folder, Func<string, bool> named)
    {
        var root = Path.Combine(path, folder);
        if (!Directory.Exists(root)) return;
        foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            if (!named(Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/'))) File.Delete(file);
        }
    }

    private string Below(string folder, string name)
    {
        var root = Path.GetFullPath(Path.Combine(path, folder)) + Path.DirectorySeparatorChar;
        var full = Path.GetFullPath(Path.Combine(root, name));
        return full.StartsWith(root, StringComparison.Ordinal) ? full : throw new BackupException("The manifest of the backup names a file outside of it.");
    }
}
