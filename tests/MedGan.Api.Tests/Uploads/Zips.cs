using System.IO.Compression;
using System.Text;

namespace MedGan.Api.Tests.Uploads;

/// <summary>Makes archives, sound and otherwise.</summary>
internal static class Zips
{
    public static byte[] Of(params (string Name, byte[] Content)[] files) => Of(CompressionLevel.Optimal, files);

    public static byte[] Of(CompressionLevel level, params (string Name, byte[] Content)[] files)
    {
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                using var entry = zip.CreateEntry(name, level).Open();
                entry.Write(content);
            }
        }
        return bytes.ToArray();
    }

    /// <summary>Streamed by its writer: sizes stand behind each entry, as `zip -` and web clients write it.</summary>
    public static byte[] Streamed(params (string Name, byte[] Content)[] files)
    {
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(new ForwardOnly(bytes), ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }
        return bytes.ToArray();
    }

    public static byte[] Encrypted(string name, byte[] content)
    {
        var bytes = new MemoryStream();
        using (var zip = new ICSharpCode.SharpZipLib.Zip.ZipOutputStream(bytes) { Password = "secret", IsStreamOwner = false })
        {
            zip.PutNextEntry(new ICSharpCode.SharpZipLib.Zip.ZipEntry(name));
            zip.Write(content);
            zip.CloseEntry();
        }
        return bytes.ToArray();
    }

    /// <summary>Replaces a name by another of the same length, in both places of the archive where it stands.</summary>
    public static byte[] Renamed(byte[] zip, string from, string to)
    {
        var (old, replacement) = (Encoding.UTF8.GetBytes(from), Encoding.UTF8.GetBytes(to));
        var result = (byte[])zip.Clone();
        for (var at = result.AsSpan().IndexOf(old); at >= 0; at = result.AsSpan().IndexOf(old))
        {
            replacement.CopyTo(result, at);
        }
        return result;
    }

    private sealed class ForwardOnly(Stream inner) : Stream
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() => inner.Flush();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);
    }
}
