using System.IO.Compression;
using FellowOakDicom.IO.Reader;

namespace FellowOakDicom.IO;

/// <summary>Reads a file: preamble, file meta information, data set (PS3.10 section 7), and older forms without the first or both.</summary>
internal sealed class FileReader(ByteSource source, ReadSettings settings)
{
    private const int PreambleLength = 128;

    // A deflated data set may grow to the base and so many times its compressed size, but never past the most.
    private const long InflatedBase = 64L << 20, InflatedRatio = 256, InflatedMost = 512L << 20;

    internal DicomFileFormat Format { get; private set; }
    internal DicomFileMetaInformation Meta { get; } = new() { AutoValidate = false };
    internal DicomDataset Dataset { get; } = new() { AutoValidate = false };
    internal bool Stopped { get; private set; }

    internal void Read()
    {
        Format = Recognise();
        DicomTransferSyntax syntax;
        if (Format is DicomFileFormat.DICOM3 or DicomFileFormat.DICOM3NoPreamble)
        {
            ReadMeta();
            syntax = Meta.TryGetSingleValue(DicomTag.TransferSyntaxUID, out DicomTransferSyntax named) ? named : Guess();
        }
        else syntax = Guess();
        Dataset.InternalTransferSyntax = syntax;
        if (Stopped) return;
        if (syntax.IsDeflate) Inflate(syntax);
        else ReadDataset(source, syntax);
        if (Format == DicomFileFormat.DICOM3NoFileMetaInfo) DetectAcrNema();
    }

    private DicomFileFormat Recognise()
    {
        if (source.Has(PreambleLength + 4) && source.Peek(PreambleLength + 4)[PreambleLength..].SequenceEqual("DICM"u8))
        {
            source.Take(PreambleLength + 4);
            return DicomFileFormat.DICOM3;
        }
        if (!source.Has(8)) throw new DicomReaderException("Too short for a DICOM file");
        var head = source.Peek(8);
        if (head is [2, 0, _, 0, >= (byte)'A' and <= (byte)'Z', ..]) return DicomFileFormat.DICOM3NoPreamble;
        // Without any header the first group is a low one, in either byte order.
        if (head is [2 or 4 or 8, 0, ..] || head is [0, 2 or 4 or 8, ..]) return DicomFileFormat.DICOM3NoFileMetaInfo;
        throw new DicomReaderException("Not a DICOM file");
    }

    private void ReadMeta()
    {
        if (!source.Has(6)) return;
        // Group 0002 ends where another group begins; its group length is not to be trusted.
        var reader = new DatasetReader(source, settings with { Option = FileReadOption.ReadAll });
        reader.Read(Meta, isExplicit: HasVr(source.Peek(6)), end: -1, depth: 0, DicomEncoding.DefaultArray, onlyGroup: 2);
        Stopped = reader.Stopped;
    }

    private static bool HasVr(ReadOnlySpan<byte> head) => DicomVR.Find(head[4], head[5]) is not null;

    private DicomTransferSyntax Guess()
    {
        if (!source.Has(6)) return DicomTransferSyntax.ImplicitVRLittleEndian;
        var head = source.Peek(6);
        if (!HasVr(head)) return DicomTransferSyntax.ImplicitVRLittleEndian;
        return head[0] == 0 && head[1] != 0 ? DicomTransferSyntax.ExplicitVRBigEndian : DicomTransferSyntax.ExplicitVRLittleEndian;
    }

    private void Inflate(DicomTransferSyntax syntax)
    {
        var rest = source.Rest();
        var limit = Math.Min(InflatedMost, InflatedBase + (rest.CanSeek ? (rest.Length - rest.Position) * InflatedRatio : 0));
        using var inflated = new DeflateStream(rest, CompressionMode.Decompress, leaveOpen: true);
        try
        {
            ReadDataset(new ByteSource(inflated, limit: limit), syntax);
        }
        catch (InvalidDataException e)
        {
            throw new DicomReaderException("The deflated data set is damaged", e);
        }
    }

    private void ReadDataset(ByteSource from, DicomTransferSyntax syntax)
    {
        from.BigEndian = syntax.Endian == Endian.Big;
        var reader = new DatasetReader(from, settings);
        reader.Read(Dataset, syntax.IsExplicitVR, end: -1, depth: 0, [settings.Fallback]);
        Dataset.InternalTransferSyntax = syntax;
        Stopped = reader.Stopped;
    }

    private void DetectAcrNema()
    {
        var code = Dataset.GetDicomItem<DicomElement>(new DicomTag(0x0008, 0x0010));
        if (code is not DicomStringElement text) return;
        var recognition = text.Get<string>();
        if (recognition.StartsWith("ACR-NEMA 1", StringComparison.Ordinal)) Format = DicomFileFormat.ACRNEMA1;
        else if (recognition.StartsWith("ACR-NEMA 2", StringComparison.Ordinal)) Format = DicomFileFormat.ACRNEMA2;
    }
}
