namespace MedGan.Storage.Objects;

/// <summary>
/// This process's folder for what it needs only while it works. A lock that the kernel holds for the process tells others that it
/// lives; when it has ended, however it did, whoever starts next in the same data folder removes what it left.
/// </summary>
public sealed class Scratch(StorageOptions options) : IDisposable
{
    private static readonly TimeSpan ForeignAfter = TimeSpan.FromDays(1);
    private static readonly string Machine = string.Concat(Environment.MachineName.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));

    private readonly Lock _gate = new();
    private FileStream? _lock;
    private string? _name;

    /// <summary>Machine and a random part.</summary>
    public string Name
    {
        get
        {
            lock (_gate) return _name ??= Claim();
        }
    }

    /// <summary>The folder itself; made when it is first asked for.</summary>
    public string Folder => Path.Combine(options.ScratchFolder, Name);

    /// <summary>A path for a file of no name.</summary>
    public string NewFile() => Path.Combine(Folder, Guid.NewGuid().ToString("N"));

    /// <summary>A new, empty folder, removed when it is disposed.</summary>
    public ScratchFolder NewFolder()
    {
        var path = NewFile();
        OwnFiles.CreateFolder(path);
        return new ScratchFolder(path);
    }

    /// <summary>Says to other machines that the process lives: they cannot see its lock.</summary>
    internal void Touch()
    {
        lock (_gate)
        {
            if (_name is not null) File.SetLastWriteTimeUtc(LockOf(_name), DateTime.UtcNow);
        }
    }

    /// <summary>Whether the process of that scratch is known to have ended: it left its lock here, and nobody holds it.</summary>
    internal bool HasEnded(string name)
    {
        if (!IsOfThisMachine(name) || !File.Exists(LockOf(name))) return false;
        using var taken = TryLock(LockOf(name), FileMode.Open);
        return taken is not null;
    }

    /// <summary>Removes what processes of this machine left that have ended, and what those of others left a day ago.</summary>
    /// <param name="kept">Names that somebody has yet to ask <see cref="HasEnded"/> of.</param>
    internal void RemoveAbandoned(IReadOnlyCollection<string> kept)
    {
        if (!Directory.Exists(options.ScratchFolder)) return;
        foreach (var path in Directory.GetFiles(options.ScratchFolder, "*.lock"))
        {
            var name = Path.GetFileNameWithoutExtension(path);
            if (kept.Contains(name)) continue;
            if (!IsOfThisMachine(name) && DateTime.UtcNow - File.GetLastWriteTimeUtc(path) < ForeignAfter) continue;
            using var taken = TryLock(path, FileMode.Open);
            if (taken is null) continue;
            var folder = Path.Combine(options.ScratchFolder, name);
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            File.Delete(path);
        }
    }

    /// <summary>Removes the folder and lets the lock go; its file stays, to tell the next sweep that this process has ended.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_name is null) return;
            var folder = Path.Combine(options.ScratchFolder, _name);
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            _lock!.Dispose();
            _name = null;
        }
    }

    private string Claim()
    {
        OwnFiles.CreateFolder(options.ScratchFolder);
        while (true)
        {
            var name = $"{Machine}.{Guid.NewGuid():N}";
            // Somebody who cleans up may take the lock in the instant between the file and our lock: then it is another name.
            if (TryLock(LockOf(name), FileMode.CreateNew) is not { } held) continue;
            OwnFiles.CreateFolder(Path.Combine(options.ScratchFolder, name));
            _lock = held;
            return name;
        }
    }

    private string LockOf(string name) => Path.Combine(options.ScratchFolder, name + ".lock");

    private static bool IsOfThisMachine(string name) => name.StartsWith(Machine + ".", StringComparison.Ordinal);

    private static FileStream? TryLock(string path, FileMode mode)
    {
        try
        {
            return new FileStream(path, mode, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (!DiskFull.IsCauseOf(e) && e is not DirectoryNotFoundException)
        {
            return null;
        }
    }
}

/// <summary>A folder of a piece of work.</summary>
public sealed class ScratchFolder(string path) : IDisposable
{
    /// <summary>Where it is.</summary>
    public string Path { get; } = path;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }
}
