namespace FellowOakDicom.IO.Buffer;

/// <summary>No bytes.</summary>
public sealed class EmptyBuffer : IByteBuffer
{
    public static readonly IByteBuffer Value = new EmptyBuffer();

    private EmptyBuffer() { }

    public bool IsMemory => true;
    public byte[] Data { get; } = [];
    public long Size => 0;

    public void GetByteRange(long offset, int count, byte[] output)
    {
        if (offset != 0 || count != 0) throw new ArgumentOutOfRangeException(nameof(offset), "Offset and count must be 0 in an empty buffer");
    }

    public void CopyToStream(Stream stream) { }
    public Task CopyToStreamAsync(Stream stream, CancellationToken cancellationToken) => Task.CompletedTask;
}
