using FellowOakDicom;
using FellowOakDicom.IO.Buffer;

namespace MedGan.Privacy.Deidentification;

/// <summary>
/// Passes on exactly the pixels: the stated number of them, without the unused bits above (where old devices put overlays) and
/// without what a compressed stream carries beside the image.
/// </summary>
internal static class PixelDataRule
{
    private const int LargestSide = 8192;

    /// <summary>Transfer syntaxes that are accepted as they are; all uncompressed ones are written as Explicit VR Little Endian.</summary>
    public static DicomTransferSyntax Target(DicomTransferSyntax source)
    {
        if (!source.IsEncapsulated) return DicomTransferSyntax.ExplicitVRLittleEndian;
        if (source == DicomTransferSyntax.RLELossless || IsJpeg(source)) return source;
        throw new InstanceRejectedException(RejectReason.UnsupportedTransferSyntax,
            "The transfer syntax of this instance is not accepted: uncompressed, RLE, JPEG and JPEG-LS are.");
    }

    /// <summary>The pixel data element of the new object; <paramref name="source"/> is only read.</summary>
    public static DicomItem Make(DicomDataset source, DicomTransferSyntax syntax)
    {
        int rows = Value(source, DicomTag.Rows), columns = Value(source, DicomTag.Columns);
        int allocated = Value(source, DicomTag.BitsAllocated), stored = Value(source, DicomTag.BitsStored), high = Value(source, DicomTag.HighBit);
        bool signed = Value(source, DicomTag.PixelRepresentation) == 1;
        if (rows < 1 || columns < 1 || allocated is not (8 or 16) || stored < 1 || stored > allocated || high < stored - 1 || high >= allocated)
            throw Unsupported("The description of the pixel data is incomplete or contradicts itself.");
        if (rows > LargestSide || columns > LargestSide) throw new InstanceRejectedException(RejectReason.TooLarge, $"Images of more than {LargestSide} pixels a side are not accepted.");
        if (Value(source, DicomTag.SamplesPerPixel) != 1) throw Unsupported("Only images with one sample per pixel are accepted.");
        if (source.FirstOrDefault(i => i.Tag == DicomTag.NumberOfFrames) is DicomElement frames && KeptValue.Values(frames) is { Length: > 0 } count && count is not ["1"]) throw Unsupported("Only single-frame images are accepted.");

        int length = checked(rows * columns * (allocated / 8));
        var item = source.FirstOrDefault(i => i.Tag == DicomTag.PixelData) ?? throw Truncated();
        if (!syntax.IsEncapsulated)
        {
            if (item is not DicomElement native || native.Buffer.Size < length) throw Truncated();
            byte[] pixels = native.Buffer.Data.AsSpan(0, length).ToArray();
            KeepStoredBits(pixels, allocated, stored, high, signed);
            byte[] even = length % 2 == 0 ? pixels : [.. pixels, 0];
            return allocated == 16
                ? new DicomOtherWord(DicomTag.PixelData, new MemoryByteBuffer(even))
                : new DicomOtherByte(DicomTag.PixelData, new MemoryByteBuffer(even));
        }
        if (item is not DicomFragmentSequence { Fragments.Count: > 0 } fragments) throw Truncated();
        byte[] stream = [.. fragments.Fragments.SelectMany(fragment => fragment.Data)];
        byte[] clean = (syntax == DicomTransferSyntax.RLELossless ? RleStream.Clean(stream, rows * columns, allocated / 8) : JpegStream.Clean(stream)) ?? throw Truncated();
        var result = new DicomOtherByteFragment(DicomTag.PixelData);
        result.Fragments.Add(new MemoryByteBuffer(clean.Length % 2 == 0 ? clean : [.. clean, 0]));
        return result;
    }

    private static bool IsJpeg(DicomTransferSyntax syntax) =>
        syntax == DicomTransferSyntax.JPEGProcess1 || syntax == DicomTransferSyntax.JPEGProcess2_4 || syntax == DicomTransferSyntax.JPEGProcess14
        || syntax == DicomTransferSyntax.JPEGProcess14SV1 || syntax == DicomTransferSyntax.JPEGLSLossless || syntax == DicomTransferSyntax.JPEGLSNearLossless;

    private static void KeepStoredBits(Span<byte> pixels, int allocated, int stored, int high, bool signed)
    {
        if (stored == allocated) return;
        int low = high - stored + 1;
        int mask = ((1 << stored) - 1) << low;
        bool extend = signed && low == 0;
        bool two = allocated == 16;
        for (int i = 0; i < pixels.Length; i += two ? 2 : 1)
        {
            int value = (two ? pixels[i] | pixels[i + 1] << 8 : pixels[i]) & mask;
            if (extend && (value & 1 << high) != 0) value |= ~mask;
            pixels[i] = (byte)value;
            if (two) pixels[i + 1] = (byte)(value >> 8);
        }
    }

    private static int Value(DicomDataset source, DicomTag tag) => source.TryGetSingleValue(tag, out ushort value) ? value : -1;

    private static InstanceRejectedException Unsupported(string detail) => new(RejectReason.UnsupportedImage, detail);

    private static InstanceRejectedException Truncated() => new(RejectReason.Truncated, "The pixel data is missing, too short or damaged.");
}
