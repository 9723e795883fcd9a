using System.Buffers;
using System.Security.Cryptography;
using MedGan.Storage.Keys;

namespace MedGan.Storage.Objects.Sealing;

/// <summary>Seals what is written to it, chunk by chunk, into a file of the caller's. What is in the file opens only after <see cref="Finish"/>.</summary>
internal sealed class SealingStream : Stream
{
    /// <summary>Bytes of the content in each chunk but the last.</summary>
    public const int ChunkBytes = 1 << 16;

    private readonly Stream _file;
    private readonly string _keyId;
    private readonly byte[] _projectKey, _salt;
    private readonly AesGcm _gcm;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
    private readonly byte[] _sealed = ArrayPool<byte>.Shared.Rent(ChunkBytes + SealedHeader.TagBytes);
    private int _filled;
    private bool _disposed;
    private long _chunks, _length;

    /// <param name="file">Seekable; what is in it from its start on is overwritten.</param>
    /// <param name="keys">The master keys.</param>
    /// <param name="project">Whose key seals.</param>
    public SealingStream(Stream file, ObjectKeyRing keys, string project)
    {
        _file = file;
        (_keyId, _projectKey) = keys.Sealing(project);
        (_salt, var chunkKey) = SealedHeader.NewKey(_projectKey);
        _gcm = new AesGcm(chunkKey, SealedHeader.TagBytes);
        _file.Write(new byte[SealedHeader.Bytes]); // its place; what it says is known at the end
    }

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => _length;
    public override long Position { get => _length; set => throw new NotSupportedException(); }

    /// <summary>Seals the last chunk and writes the header, which binds the content to its project and its name.</summary>
    /// <returns>SHA-256 of the content, lower-case hex.</returns>
    public string Finish(string project, string name)
    {
        Flush(last: true);
        var sha256 = _hash.GetHashAndReset();
        _file.Position = 0;
        _file.Write(SealedHeader.Seal(_keyId, _projectKey, _salt, ChunkBytes, project, name, _length, sha256));
        return Convert.ToHexStringLower(sha256);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _hash.AppendData(buffer);
        _length += buffer.Length;
        while (buffer.Length > 0)
        {
            if (_filled == ChunkBytes) Flush(last: false); // only now is it known that this one is not the last
            var part = buffer[..Math.Min(buffer.Length, ChunkBytes - _filled)];
            part.CopyTo(_chunk.AsSpan(_filled));
            _filled += part.Length;
            buffer = buffer[part.Length..];
        }
    }

    public override void Flush()
    {
        // A chunk is written when it is full, whatever the writer thinks of it.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _gcm.Dispose();
            _hash.Dispose();
            ArrayPool<byte>.Shared.Return(_sealed);
            ArrayPool<byte>.Shared.Return(_chunk, clearArray: true);
        }
        base.Dispose(disposing);
    }

    private void Flush(bool last)
    {
        Span<byte> nonce = stackalloc byte[SealedHeader.NonceBytes];
        SealedHeader.Nonce(nonce, _chunks++, last);
        _gcm.Encrypt(nonce, _chunk.AsSpan(0, _filled), _sealed.AsSpan(0, _filled), _sealed.AsSpan(_filled, SealedHeader.TagBytes));
        _file.Write(_sealed.AsSpan(0, _filled + SealedHeader.TagBytes));
        _filled = 0;
    }
}
