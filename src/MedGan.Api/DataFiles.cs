using MedGan.Storage;

namespace MedGan.Api;

/// <summary>Files that a row names by a path relative to the data folder.</summary>
public sealed class DataFiles(StorageOptions options)
{
    private readonly string root = Path.GetFullPath(options.DataFolder) + Path.DirectorySeparatorChar;

    /// <summary>Opens the file for reading; null where the row names none, or it is gone, or it lies elsewhere.</summary>
    public FileStream? Open(string? relativePath)
    {
        if (string.IsNullOrEmpty(relativePath))
        {
            return null;
        }
        var path = Path.GetFullPath(Path.Combine(root, relativePath));
        if (!path.StartsWith(root, StringComparison.Ordinal))
        {
            return null;
        }
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 65_536, useAsync: true);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
