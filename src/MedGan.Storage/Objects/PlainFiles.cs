using System.Security.Cryptography;

namespace MedGan.Storage.Objects;

/// <summary>
/// What an earlier version kept as plain files in the data folder, and no row of the index names. It is still read; nothing is
/// written there any more.
/// </summary>
internal sealed class PlainFiles(StorageOptions options)
{
    private static readonly string[] Folders = ["archives", "models", "objects", "released", "work"];

    private readonly string _root = Path.GetFullPath(options.DataFolder) + Path.DirectorySeparatorChar;

    /// <summary>Every such file, relative to the data folder.</summary>
    public static IEnumerable<string> All(StorageOptions options) => Folders.Select(folder => Path.Combine(options.DataFolder, folder)).Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)).Select(file => Path.GetRelativePath(options.DataFolder, file).Replace(Path.DirectorySeparatorChar, '/'));

    /// <summary>A file by the path that its row gives, relative to the data folder; null where there is none, or it lies elsewhere.</summary>
    public FileStream? Open(string path)
    {
        if (Full(path) is not { } full) return null;
        try
        {
            return new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 65_536, useAsync: true);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A file that is named by its content, in two levels of folders, after checking all of it.</summary>
    /// <exception cref="ObjectDamagedException">It is missing, or its content is not what was stored.</exception>
    public async Task<Stream> OpenContentAsync(string folder, string sha256, CancellationToken ct)
    {
        if (Open(Path.Combine(folder, sha256[..2], sha256[2..4], sha256)) is not { } file) throw new ObjectDamagedException(sha256);
        if (Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct)) == sha256)
        {
            file.Position = 0;
            return file;
        }
        await file.DisposeAsync();
        throw new ObjectDamagedException(sha256);
    }

    /// <summary>The paths below one, or itself, with forward slashes.</summary>
    public IEnumerable<string> Below(string path)
    {
        if (Full(path) is not { } full) return [];
        if (File.Exists(full)) return [path];
        return Directory.Exists(full)
            ? Directory.EnumerateFiles(full, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_root, file).Replace(Path.DirectorySeparatorChar, '/'))
            : [];
    }

    /// <summary>Removes a file or a folder with all that is in it.</summary>
    public void Remove(string path)
    {
        if (Full(path) is not { } full) return;
        if (Directory.Exists(full)) Directory.Delete(full, recursive: true);
        else if (File.Exists(full)) File.Delete(full);
    }

    /// <summary>The path on disk; null where it leads out of the folders that an earlier version kept such files in.</summary>
    private string? Full(string path)
    {
        var full = Path.GetFullPath(Path.Combine(_root, path));
        return Folders.Any(folder => full.StartsWith(_root + folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)) ? full : null;
    }
}
