namespace FellowOakDicom.IO.Buffer;

/// <summary>A part of another buffer.</summary>
public class RangeByteBuffer : IByteBuffer
{
    public RangeByteBuffer(IByteBuffer buffer, long offset, int length) => (Internal, Offset, Length) = (buffer, offset, length);

    public IByteBuffer Internal { get; }
    public long Offset { get; }
    public int Length { get; }
    public bool IsMemory => Internal.IsMemory;
    public long Size => Length;

    public byte[] Data
    {
        get
        {
            var data = new byte[Length];
            Internal.GetByteRange(Offset, Length, data);
            return data;
        }
    }

    public void GetByteRange(long offset, int count, byte[] output) => Internal.GetByteRange(Offset + offset, count, output);
    public void CopyToStream(Stream stream) => stream.Write(Data);
    public Task CopyToStreamAsync(Stream stream, CancellationToken cancellationToken) => stream.WriteAsync(Data, cancellationToken).AsTask();
}
