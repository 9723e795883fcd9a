namespace FellowOakDicom.IO.Buffer;

/// <summary>A bulk data URI whose bytes are set by whoever fetches them.</summary>
public class BulkDataUriByteBuffer : IBulkDataUriByteBuffer
{
    private byte[] data;

    public BulkDataUriByteBuffer(string bulkDataUri) => BulkDataUri = bulkDataUri;

    public string BulkDataUri { get; }
    public bool IsMemory => data is not null;
    public long Size => Data.Length;

    public virtual byte[] Data
    {
        get => data ?? throw new InvalidOperationException("BulkDataUriByteBuffer cannot provide Data before it is set");
        set => data = value;
    }

    public void GetByteRange(long offset, int count, byte[] output) => Array.Copy(Data, offset, output, 0, count);
    public void CopyToStream(Stream stream) => stream.Write(Data);
    public Task CopyToStreamAsync(Stream stream, CancellationToken cancellationToken) => stream.WriteAsync(Data, cancellationToken).AsTask();
}
