using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom.Imaging;

/// <summary>The pixel data of a data set, frame by frame, and the attributes that describe them (PS3.3 section C.7.6.3).</summary>
public abstract class DicomPixelData
{
    protected DicomPixelData(DicomDataset dataset)
    {
        Dataset = dataset;
        Syntax = dataset.InternalTransferSyntax;
    }

    public DicomDataset Dataset { get; }
    public DicomTransferSyntax Syntax { get; }

    /// <summary>In pixels.</summary>
    public ushort Width { get => Number(DicomTag.Columns); set => Set(DicomTag.Columns, value); }

    /// <summary>In pixels.</summary>
    public ushort Height { get => Number(DicomTag.Rows); set => Set(DicomTag.Rows, value); }

    public int NumberOfFrames
    {
        get => Dataset.TryGetSingleValue(DicomTag.NumberOfFrames, out int frames) ? frames : 1;
        set => Dataset.AddOrUpdate(new DicomIntegerString(DicomTag.NumberOfFrames, value));
    }

    public BitDepth BitDepth => new(BitsAllocated, BitsStored, HighBit, PixelRepresentation == PixelRepresentation.Signed);
    public ushort BitsAllocated => Number(DicomTag.BitsAllocated);
    public ushort BitsStored { get => Number(DicomTag.BitsStored); set => Set(DicomTag.BitsStored, value); }
    public ushort HighBit { get => Number(DicomTag.HighBit); set => Set(DicomTag.HighBit, value); }
    public ushort SamplesPerPixel { get => Dataset.GetSingleValueOrDefault(DicomTag.SamplesPerPixel, (ushort)1); set => Set(DicomTag.SamplesPerPixel, value); }

    public PixelRepresentation PixelRepresentation
    {
        get => (PixelRepresentation)Number(DicomTag.PixelRepresentation);
        set => Set(DicomTag.PixelRepresentation, (ushort)value);
    }

    public PlanarConfiguration PlanarConfiguration
    {
        get => (PlanarConfiguration)Dataset.GetSingleValueOrDefault(DicomTag.PlanarConfiguration, (ushort)0);
        set => Set(DicomTag.PlanarConfiguration, (ushort)value);
    }

    public PhotometricInterpretation PhotometricInterpretation
    {
        get => Dataset.TryGetSingleValue(DicomTag.PhotometricInterpretation, out string value) ? PhotometricInterpretation.Parse(value) : null;
        set => Dataset.AddOrUpdate(new DicomCodeString(DicomTag.PhotometricInterpretation, value.Value));
    }

    public bool IsLossy => Dataset.GetSingleValueOrDefault(DicomTag.LossyImageCompression, "00") == "01";
    public string LossyCompressionMethod => Dataset.GetSingleValueOrDefault(DicomTag.LossyImageCompressionMethod, string.Empty);
    public decimal LossyCompressionRatio => Dataset.GetSingleValueOrDefault(DicomTag.LossyImageCompressionRatio, 0m);

    /// <summary>Bytes of one sample.</summary>
    public int BytesAllocated => (BitsAllocated + 7) / 8;

    /// <summary>In bytes; a frame of one-bit pixels rounds up, one of YBR_FULL_422 holds two samples a pixel.</summary>
    public int UncompressedFrameSize
    {
        get
        {
            var pixels = (long)Width * Height;
            var size = BitsAllocated == 1 ? (pixels * SamplesPerPixel + 7) / 8
                : PhotometricInterpretation == PhotometricInterpretation.YbrFull422 ? pixels * BytesAllocated * 2
                : pixels * BytesAllocated * SamplesPerPixel;
            return size <= int.MaxValue ? (int)size : throw new DicomImagingException("A frame is larger than 2 GiB");
        }
    }

    /// <param name="newPixelData">Replaces what is there by empty pixel data, as the transfer syntax and Bits Allocated want them.</param>
    /// <exception cref="DicomImagingException">There are no pixel data.</exception>
    public static DicomPixelData Create(DicomDataset dataset, bool newPixelData = false)
    {
        var syntax = dataset.InternalTransferSyntax;
        if (newPixelData)
        {
            if (syntax.IsEncapsulated)
            {
                var fragments = new DicomOtherByteFragment(DicomTag.PixelData);
                Fresh(dataset, fragments);
                return new EncapsulatedPixelData(dataset, fragments);
            }
            var wide = syntax == DicomTransferSyntax.ImplicitVRLittleEndian || dataset.GetSingleValue<ushort>(DicomTag.BitsAllocated) > 8;
            Fresh(dataset, ItemFactory.FromBytes(DicomTag.PixelData, wide ? DicomVR.OW : DicomVR.OB, new CompositeByteBuffer(), null));
            return new NativePixelData(dataset);
        }
        return dataset.GetDicomItem<DicomItem>(DicomTag.PixelData) switch
        {
            DicomFragmentSequence fragments => new EncapsulatedPixelData(dataset, fragments),
            DicomOtherByte or DicomOtherWord => new NativePixelData(dataset),
            null => throw new DicomImagingException("DICOM dataset is missing pixel data element."),
            var other => throw new DicomImagingException($"Pixel data of VR {other.ValueRepresentation} are not supported"),
        };
    }

    /// <param name="frame">From 0.</param>
    /// <exception cref="IndexOutOfRangeException">No such frame.</exception>
    public abstract IByteBuffer GetFrame(int frame);

    /// <summary>Appends a frame and counts it.</summary>
    public abstract void AddFrame(IByteBuffer data);

    private protected void CheckFrame(int frame)
    {
        if (frame < 0 || frame >= NumberOfFrames) throw new IndexOutOfRangeException("Requested frame out of range!");
    }

    private static void Fresh(DicomDataset dataset, DicomItem pixelData)
    {
        dataset.AddOrUpdate(pixelData);
        dataset.AddOrUpdate(new DicomIntegerString(DicomTag.NumberOfFrames, 0));
    }

    private ushort Number(DicomTag tag) => Dataset.GetSingleValue<ushort>(tag);
    private void Set(DicomTag tag, ushort value) => Dataset.AddOrUpdate(new DicomUnsignedShort(tag, value));
}
