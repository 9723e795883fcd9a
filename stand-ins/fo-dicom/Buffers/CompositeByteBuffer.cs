namespace FellowOakDicom.IO.Buffer;

/// <summary>Several buffers, one after the other.</summary>
public class CompositeByteBuffer : IByteBuffer
{
    public CompositeByteBuffer(IEnumerable<IByteBuffer> buffers) => Buffers = [.. buffers];
    public CompositeByteBuffer(params IByteBuffer[] buffers) : this((IEnumerable<IByteBuffer>)buffers) { }

    public IList<IByteBuffer> Buffers { get; }
    public bool IsMemory => true;
    public long Size => Buffers.Sum(b => b.Size);

    public byte[] Data
    {
        get
        {
            var data = new byte[Size];
            var position = 0;
            foreach (var buffer in Buffers)
            {
                buffer.Data.CopyTo(data, position);
                position += (int)buffer.Size;
            }
            return data;
        }
    }

    public void GetByteRange(long offset, int count, byte[] output)
    {
        var written = 0;
        foreach (var buffer in Buffers)
        {
            if (offset >= buffer.Size) { offset -= buffer.Size; continue; }
            var part = (int)Math.Min(buffer.Size - offset, count - written);
            var bytes = part == count ? output : new byte[part];
            buffer.GetByteRange(offset, part, bytes);
            if (!ReferenceEquals(bytes, output)) bytes.CopyTo(output, written);
            offset = 0;
            if ((written += part) == count) return;
        }
    }

    public void CopyToStream(Stream stream)
    {
        foreach (var buffer in Buffers) buffer.CopyToStream(stream);
    }

    public async Task CopyToStreamAsync(Stream stream, CancellationToken cancellationToken)
    {
        foreach (var buffer in Buffers) await buffer.CopyToStreamAsync(stream, cancellationToken).ConfigureAwait(false);
    }
}
