using System.Buffers.Binary;
using FellowOakDicom;

namespace MedGan.Dicom.Codecs;

/// <summary>Decodes single grey frames: little and big endian uncompressed, deflated, and RLE. Managed code only, every length checked.</summary>
public static class FrameDecoder
{
    /// <summary>Columns and rows beyond which nothing is decoded.</summary>
    public const int MaxSide = 8192;

    /// <summary>The stored values of the file's only frame.</summary>
    /// <exception cref="UnsupportedTransferSyntaxException">The encoding is not read; it is named.</exception>
    /// <exception cref="PixelDataException">The pixel data is missing, short, not grey, or of an unsupported depth.</exception>
    public static DecodedFrame Decode(DicomFile file)
    {
        var d = file.Dataset;
        int columns = Number(d, DicomTag.Columns, 0), rows = Number(d, DicomTag.Rows, 0);
        int allocated = Number(d, DicomTag.BitsAllocated, 0), stored = Number(d, DicomTag.BitsStored, allocated);
        int high = Number(d, DicomTag.HighBit, stored - 1), samples = Number(d, DicomTag.SamplesPerPixel, 1);
        var signed = Number(d, DicomTag.PixelRepresentation, 0) == 1;
        var photometric = Text(d, DicomTag.PhotometricInterpretation);
        if (samples != 1 || photometric is not ("" or "MONOCHROME1" or "MONOCHROME2"))
            throw new PixelDataException("Only grey images are read.");
        if (columns is <= 0 or > MaxSide || rows is <= 0 or > MaxSide)
            throw new PixelDataException("The image has no usable number of rows and columns.");
        if (allocated is not (8 or 16) || stored < 1 || stored > allocated || high < stored - 1 || high >= allocated)
            throw new PixelDataException($"Pixels of {allocated} bits allocated and {stored} stored are not read.");
        if (Frames(d) != 1)
            throw new PixelDataException("Only single frames are read.");

        var bytes = FrameBytes(file, columns * rows, allocated / 8);
        var values = new int[columns * rows];
        int shift = high + 1 - stored, mask = (1 << stored) - 1, sign = 1 << (stored - 1);
        for (var i = 0; i < values.Length; i++)
        {
            var raw = allocated == 8 ? bytes[i] : BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(2 * i));
            var value = (raw >> shift) & mask;
            values[i] = signed ? (value ^ sign) - sign : value;
        }
        return new DecodedFrame(columns, rows, stored, signed, photometric == "MONOCHROME1", values);
    }

    /// <summary>Number of Frames (0028,0008); 1 where it is absent, 0 where it is nonsense.</summary>
    public static int Frames(DicomDataset dataset)
    {
        var text = Text(dataset, DicomTag.NumberOfFrames);
        return text.Length == 0 ? 1 : int.TryParse(text, out var frames) && frames > 0 ? frames : 0;
    }

    private static byte[] FrameBytes(DicomFile file, int pixels, int bytesPerSample)
    {
        var syntax = file.Dataset.InternalTransferSyntax;
        var length = pixels * bytesPerSample;
        if (syntax == DicomTransferSyntax.RLELossless)
        {
            if (!TryItem<DicomFragmentSequence>(file.Dataset, out var fragments))
                throw new PixelDataException("There is no pixel data.");
            return RleCodec.Decode(fragments.Fragments.SelectMany(f => f.Data).ToArray(), pixels, 1, bytesPerSample);
        }
        if (syntax.IsEncapsulated)
            throw new UnsupportedTransferSyntaxException($"{syntax.UID.Name} ({syntax.UID.UID})");
        if (!TryItem<DicomElement>(file.Dataset, out var element))
            throw new PixelDataException("There is no pixel data.");
        // fo-dicom hands out values in the machine's byte order, whatever the file's is.
        var data = element.Buffer.Data;
        return data.Length >= length
            ? data
            : throw new PixelDataException($"The pixel data has {data.Length} bytes where {length} are needed.");
    }

    private static bool TryItem<T>(DicomDataset dataset, out T item) where T : DicomItem
    {
        item = (dataset.Contains(DicomTag.PixelData) ? dataset.GetDicomItem<DicomItem>(DicomTag.PixelData) as T : null)!;
        return item is not null;
    }

    private static int Number(DicomDataset d, DicomTag tag, int absent) =>
        d.TryGetSingleValue<ushort>(tag, out var value) ? value : absent;

    private static string Text(DicomDataset d, DicomTag tag) =>
        d.TryGetString(tag, out var text) && text is not null ? text.Trim() : "";
}
