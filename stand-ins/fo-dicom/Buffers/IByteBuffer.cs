namespace FellowOakDicom.IO.Buffer;

/// <summary>The bytes of a value, wherever they are.</summary>
public interface IByteBuffer
{
    /// <summary>Whether <see cref="Data"/> costs nothing.</summary>
    bool IsMemory { get; }

    /// <summary>In bytes.</summary>
    long Size { get; }
    byte[] Data { get; }
    void GetByteRange(long offset, int count, byte[] output);
    void CopyToStream(Stream stream);
    Task CopyToStreamAsync(Stream stream, CancellationToken cancellationToken);
}

/// <summary>Bytes that are named by a URI in DICOM JSON (PS3.18 F.2.6).</summary>
public interface IBulkDataUriByteBuffer : IByteBuffer
{
    string BulkDataUri { get; }
}
