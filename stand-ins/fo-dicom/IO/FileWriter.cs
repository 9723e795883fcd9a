using System.IO.Compression;
using FellowOakDicom.IO.Writer;

namespace FellowOakDicom.IO;

/// <summary>Writes a file: preamble, file meta information, data set (PS3.10 section 7).</summary>
internal static class FileWriter
{
    internal static void Write(DicomFileMetaInformation meta, DicomDataset dataset, Stream stream, DicomWriteOptions options)
    {
        options ??= DicomWriteOptions.Default;
        using var head = new MemoryStream();
        new DatasetWriter(DicomTransferSyntax.ExplicitVRLittleEndian, options)
            .Write(meta.Where(i => i.Tag.Group == 2 && !i.Tag.IsGroupLength), head);
        stream.Write(new byte[128]);
        stream.Write("DICM"u8);
        new DatasetWriter(DicomTransferSyntax.ExplicitVRLittleEndian, options)
            .Write([new DicomUnsignedLong(DicomTag.FileMetaInformationGroupLength, (uint)head.Length)], stream);
        head.WriteTo(stream);

        var syntax = meta.TransferSyntax;
        dataset.SetTargetEncodings(DicomEncoding.DefaultArray);
        var body = dataset.Where(i => i.Tag.Group > 2);
        var writer = new DatasetWriter(syntax, options);
        if (!syntax.IsDeflate)
        {
            // Not disposed: that would close the caller's stream.
            var buffered = new BufferedStream(stream, 1 << 16);
            writer.Write(body, buffered);
            buffered.Flush();
            return;
        }
        using var counted = new MemoryStream();
        using (var deflate = new DeflateStream(counted, CompressionLevel.Optimal, leaveOpen: true))
        using (var buffered = new BufferedStream(deflate, 1 << 16))
            writer.Write(body, buffered);
        // An even length, as PS3.5 section A.5 asks.
        if (counted.Length % 2 != 0) counted.WriteByte(0);
        counted.WriteTo(stream);
    }
}
