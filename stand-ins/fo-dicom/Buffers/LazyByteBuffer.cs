namespace FellowOakDicom.IO.Buffer;

/// <summary>Bytes made when first asked for.</summary>
public sealed class LazyByteBuffer : IByteBuffer
{
    private readonly Lazy<byte[]> bytes;

    public LazyByteBuffer(Func<byte[]> bytes) => this.bytes = new Lazy<byte[]>(bytes);

    public bool IsMemory => true;
    public byte[] Data => bytes.Value;
    public long Size => Data.Length;

    public void GetByteRange(long offset, int count, byte[] output) => Array.Copy(Data, offset, output, 0, count);
    public void CopyToStream(Stream stream) => stream.Write(Data);
    public Task CopyToStreamAsync(Stream stream, CancellationToken cancellationToken) => stream.WriteAsync(Data, cancellationToken).AsTask();
}
