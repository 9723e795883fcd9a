using System.Security.Cryptography;

namespace MedGan.Storage.Objects;

/// <summary>A stored file is not what was stored.</summary>
public sealed class ObjectDamagedException(string sha256)
    : IOException($"The stored object {sha256[..12]} is missing or damaged; restore it from a backup.");

/// <summary>
/// Files named by the SHA-256 of their content, in two levels of folders. A file is first staged (written and synced under a
/// temporary name) and then placed (renamed), so that what has its name has its content.
/// </summary>
internal sealed class ObjectFiles(string folder)
{
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromDays(1);

    private string Incoming => Path.Combine(folder, "incoming");

    /// <summary>Writes a file under a temporary name.</summary>
    /// <exception cref="StorageFullException">No room is left; nothing is kept.</exception>
    public StagedFile Stage(Action<Stream> write)
    {
        OwnFiles.CreateFolder(Incoming);
        var path = Path.Combine(Incoming, Guid.NewGuid().ToString("N"));
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long bytes;
            using (var file = OwnFiles.Create(path))
            {
                using (var hashing = new HashingStream(file, hash)) write(hashing);
                file.Flush(flushToDisk: true);
                bytes = file.Length;
            }
            return new StagedFile(path, Convert.ToHexStringLower(hash.GetHashAndReset()), bytes);
        }
        catch (Exception e)
        {
            File.Delete(path);
            if (e is not StorageFullException && DiskFull.IsCauseOf(e)) throw new StorageFullException(e);
            throw;
        }
    }

    /// <summary>Gives a staged file its name. False when the content was there already.</summary>
    /// <remarks>Call it while holding the database's write lock: then nobody removes what somebody else counts on.</remarks>
    public bool Place(StagedFile staged)
    {
        var path = PathOf(staged.Sha256);
        if (File.Exists(path))
        {
            File.Delete(staged.Path);
            return false;
        }
        OwnFiles.CreateFolder(Path.GetDirectoryName(path)!);
        File.Move(staged.Path, path);
        return true;
    }

    /// <summary>Removes an object. Call it while holding the database's write lock, and for content no row names.</summary>
    public void Remove(string sha256) => File.Delete(PathOf(sha256));

    /// <summary>Opens an object after checking all of its content.</summary>
    /// <exception cref="ObjectDamagedException">It is missing, or its content is not what was stored.</exception>
    public FileStream Open(string sha256)
    {
        FileStream? file = null;
        try
        {
            file = File.OpenRead(PathOf(sha256));
            if (Convert.ToHexStringLower(SHA256.HashData(file)) == sha256)
            {
                file.Position = 0;
                return file;
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ObjectDamagedException(sha256);
        }
        file.Dispose();
        throw new ObjectDamagedException(sha256);
    }

    /// <summary>The names of all objects.</summary>
    public IEnumerable<string> All() => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetFileName(f)).Where(n => n.Length == 64)
        : [];

    /// <summary>Removes what a process that died left staged.</summary>
    public void RemoveAbandoned(DateTimeOffset now)
    {
        if (!Directory.Exists(Incoming)) return;
        foreach (var file in Directory.EnumerateFiles(Incoming))
        {
            if (now - File.GetLastWriteTimeUtc(file) > AbandonedAfter) File.Delete(file);
        }
    }

    private string PathOf(string sha256) => Path.Combine(folder, sha256[..2], sha256[2..4], sha256);

    private sealed class HashingStream(Stream inner, IncrementalHash hash) : Stream
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => inner.Length;
        public override long Position { get => inner.Position; set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            hash.AppendData(buffer);
            inner.Write(buffer);
        }

        public override void Flush() => inner.Flush();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
    }
}

/// <summary>A file written under a temporary name.</summary>
internal sealed record StagedFile(string Path, string Sha256, long Bytes);
