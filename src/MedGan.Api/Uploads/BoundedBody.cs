namespace MedGan.Api.Uploads;

/// <summary>A request body that ends in a 413 once it has given more bytes than allowed; counts them, and keeps the last of them.</summary>
internal sealed class BoundedBody(Stream inner, long limit) : Stream
{
    // A zip ends in a record of 22 bytes plus a comment of at most 65,535.
    private readonly byte[] tail = new byte[22 + 65_535];

    /// <summary>Bytes read so far.</summary>
    public long BytesRead { get; private set; }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => BytesRead; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        Note(buffer[..read]);
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Note(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>The last bytes read, in their order: all of them, or as many as a zip's end record can take.</summary>
    public byte[] Tail()
    {
        var length = (int)Math.Min(BytesRead, tail.Length);
        var result = new byte[length];
        for (var i = 0; i < length; i++)
        {
            result[i] = tail[(BytesRead - length + i) % tail.Length];
        }
        return result;
    }

    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Note(ReadOnlySpan<byte> bytes)
    {
        for (var rest = bytes; rest.Length > 0;)
        {
            var at = (int)(BytesRead % tail.Length);
            var length = Math.Min(rest.Length, tail.Length - at);
            rest[..length].CopyTo(tail.AsSpan(at));
            rest = rest[length..];
            BytesRead += length;
        }
        if (BytesRead > limit)
        {
            throw Refusals.TooManyBytes(limit);
        }
    }
}
