namespace FellowOakDicom.IO.Buffer;

/// <summary>A value left in its file or seekable stream until it is asked for.</summary>
internal sealed class LargeValueBuffer(string path, Stream stream, long position, long size) : IByteBuffer
{
    public bool IsMemory => false;
    public long Size => size;

    public byte[] Data
    {
        get
        {
            var data = new byte[size];
            GetByteRange(0, data.Length, data);
            return data;
        }
    }

    public void GetByteRange(long offset, int count, byte[] output)
    {
        if (offset < 0 || count < 0 || offset + count > size) throw new ArgumentOutOfRangeException(nameof(offset));
        try
        {
            if (path is not null)
            {
                using var file = File.OpenRead(path);
                file.Position = position + offset;
                file.ReadExactly(output, 0, count);
                return;
            }
            lock (stream)
            {
                stream.Position = position + offset;
                stream.ReadExactly(output, 0, count);
            }
        }
        catch (EndOfStreamException e)
        {
            throw new DicomIoException("The file has become shorter since it was opened", e);
        }
    }

    public void CopyToStream(Stream target) => target.Write(Data);
    public Task CopyToStreamAsync(Stream target, CancellationToken cancellationToken) => target.WriteAsync(Data, cancellationToken).AsTask();
}
