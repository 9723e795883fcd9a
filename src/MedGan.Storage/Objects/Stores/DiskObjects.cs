using System.Runtime.CompilerServices;

namespace MedGan.Storage.Objects.Stores;

/// <summary>Objects as files of a folder.</summary>
internal sealed class DiskObjects(string folder) : IObjectStore
{
    public Task PutAsync(string name, string file, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var path = PathOf(name);
        OwnFiles.CreateFolder(Path.GetDirectoryName(path)!);
        File.Move(file, path);
        return Task.CompletedTask;
    }

    public Task<Stream> OpenAsync(string name, long offset, CancellationToken ct)
    {
        try
        {
            // Its reader takes whole chunks: a buffer of its own would only copy them once more.
            var file = new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0) { Position = offset };
            return Task.FromResult<Stream>(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ObjectDamagedException(name);
        }
    }

    public Task RemoveAsync(string name, CancellationToken ct)
    {
        try
        {
            File.Delete(PathOf(name));
        }
        catch (DirectoryNotFoundException)
        {
            // as good as removed
        }
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        var start = prefix.Length == 0 ? folder : PathOf(prefix[..^1]);
        if (!Directory.Exists(start)) yield break;
        foreach (var path in Directory.EnumerateFiles(start, "*", SearchOption.AllDirectories))
        {
            ct.ThrowIfCancellationRequested();
            yield return Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
        }
    }

    public Task AbortUnfinishedAsync(string prefix, CancellationToken ct)
    {
        // A file is moved in one step. What is left of a prefix without objects is empty folders.
        var start = PathOf(prefix[..^1]);
        if (!Directory.Exists(start)) return Task.CompletedTask;
        foreach (var below in Directory.EnumerateDirectories(start)) RemoveIfEmpty(below);
        RemoveIfEmpty(start);
        return Task.CompletedTask;
    }

    private static void RemoveIfEmpty(string path)
    {
        if (!Directory.EnumerateFileSystemEntries(path).Any()) Directory.Delete(path);
    }

    private string PathOf(string name) => Path.Combine(folder, name.Replace('/', Path.DirectorySeparatorChar));
}
