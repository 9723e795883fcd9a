using System.Buffers;
using System.Security.Cryptography;
using MedGan.Storage.Keys;

namespace MedGan.Storage.Objects.Sealing;

/// <summary>Reads a sealed object from a byte offset on.</summary>
internal delegate Task<Stream> ReadFrom(long offset, CancellationToken ct);

/// <summary>
/// The content of a sealed object. Nothing leaves that was not checked: each chunk by its tag, the whole - when it is read from its
/// first to its last byte - by its SHA-256 before the last chunk is handed out. It can be read from anywhere. Not for several threads.
/// </summary>
internal sealed class OpeningStream : Stream
{
    private readonly ReadFrom _read;
    private readonly string _name;
    private readonly SealedHeader _header;
    private readonly AesGcm _gcm;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _sealed, _chunk;
    private Stream? _source;
    private long _next;          // the chunk that the source is before
    private long _loaded = -1;   // the chunk that is in _chunk
    private long _hashed;        // chunks that the hash has seen, from the first on
    private long _position;
    private bool _disposed;

    private OpeningStream(ReadFrom read, Stream source, string name, SealedHeader header)
    {
        (_read, _source, _name, _header) = (read, source, name, header);
        _gcm = new AesGcm(header.ChunkKey, SealedHeader.TagBytes);
        _sealed = ArrayPool<byte>.Shared.Rent(header.ChunkBytes + SealedHeader.TagBytes);
        _chunk = ArrayPool<byte>.Shared.Rent(header.ChunkBytes);
    }

    /// <summary>SHA-256 of the content, as it was sealed.</summary>
    public string Sha256 => _header.Sha256;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => _header.Length;
    public override long Position { get => _position; set => Seek(value, SeekOrigin.Begin); }

    /// <summary>Checks the header and the first chunk, so that most damage shows before anything is handed out.</summary>
    /// <exception cref="ObjectDamagedException">It is missing, was changed, or is another object's.</exception>
    /// <exception cref="ObjectKeyMissingException">It was sealed under a master key that is not here.</exception>
    public static async Task<OpeningStream> OpenAsync(ReadFrom read, ObjectKeyRing keys, string project, string name, CancellationToken ct)
    {
        OpeningStream? opened = null;
        Stream? source = null;
        try
        {
            source = await read(0, ct);
            var bytes = new byte[SealedHeader.Bytes];
            var header = SealedHeader.Open(bytes.AsSpan(0, await source.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct)), keys, project, name);
            opened = new OpeningStream(read, source, name, header);
            await opened.LoadAsync(0, ct);
            return opened;
        }
        catch
        {
            if (opened is not null) await opened.DisposeAsync();
            else if (source is not null) await source.DisposeAsync();
            throw;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (buffer.Length == 0 || _position >= Length) return 0;
        if (_position / _header.ChunkBytes is var chunk && chunk != _loaded) Load(chunk);
        return Take(buffer);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0 || _position >= Length) return 0;
        if (_position / _header.ChunkBytes is var chunk && chunk != _loaded) await LoadAsync(chunk, cancellationToken);
        return Take(buffer.Span);
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        var target = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => Length + offset,
        };
        ArgumentOutOfRangeException.ThrowIfNegative(target, nameof(offset));
        return _position = target;
    }

    public override void Flush()
    {
        // Nothing is written.
    }

    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _source?.Dispose();
            _gcm.Dispose();
            _hash.Dispose();
            ArrayPool<byte>.Shared.Return(_sealed);
            ArrayPool<byte>.Shared.Return(_chunk, clearArray: true);
        }
        base.Dispose(disposing);
    }

    private int Take(Span<byte> buffer)
    {
        var from = (int)(_position - _loaded * _header.ChunkBytes);
        var count = Math.Min(buffer.Length, _header.LengthOf(_loaded) - from);
        _chunk.AsSpan(from, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    private void Load(long chunk)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_source is null || chunk != _next) _source = Reopen(chunk, CancellationToken.None).GetAwaiter().GetResult();
        Check(chunk, _source.ReadAtLeast(_sealed.AsSpan(0, Wanted(chunk)), Wanted(chunk), throwOnEndOfStream: false));
    }

    private async ValueTask LoadAsync(long chunk, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_source is null || chunk != _next) _source = await Reopen(chunk, ct);
        Check(chunk, await _source.ReadAtLeastAsync(_sealed.AsMemory(0, Wanted(chunk)), Wanted(chunk), throwOnEndOfStream: false, ct));
    }

    private async Task<Stream> Reopen(long chunk, CancellationToken ct)
    {
        if (_source is not null) await _source.DisposeAsync();
        _source = null;
        return await _read(_header.OffsetOf(chunk), ct);
    }

    private int Wanted(long chunk) => _header.LengthOf(chunk) + SealedHeader.TagBytes;

    private void Check(long chunk, int read)
    {
        (_loaded, _next) = (-1, chunk + 1);
        var (length, last) = (_header.LengthOf(chunk), chunk == _header.Chunks - 1);
        if (read < length + SealedHeader.TagBytes || (last && _source!.ReadByte() >= 0)) throw new ObjectDamagedException(_name);
        Span<byte> nonce = stackalloc byte[SealedHeader.NonceBytes];
        SealedHeader.Nonce(nonce, chunk, last);
        try
        {
            _gcm.Decrypt(nonce, _sealed.AsSpan(0, length), _sealed.AsSpan(length, SealedHeader.TagBytes), _chunk.AsSpan(0, length));
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new ObjectDamagedException(_name);
        }
        if (chunk == _hashed)
        {
            _hash.AppendData(_chunk.AsSpan(0, length));
            _hashed++;
            if (last && Convert.ToHexStringLower(_hash.GetCurrentHash()) != _header.Sha256) throw new ObjectDamagedException(_name);
        }
        _loaded = chunk;
    }
}
