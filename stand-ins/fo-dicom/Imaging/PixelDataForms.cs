using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom.Imaging;

/// <summary>Frames one after the other in one value.</summary>
internal sealed class NativePixelData(DicomDataset dataset) : DicomPixelData(dataset)
{
    public override IByteBuffer GetFrame(int frame)
    {
        CheckFrame(frame);
        var data = Dataset.GetDicomItem<DicomElement>(DicomTag.PixelData).Buffer;
        if (BitsAllocated == 1 && (long)Width * Height * SamplesPerPixel % 8 != 0 && frame > 0) return UnalignedFrame(data, frame);
        var size = UncompressedFrameSize;
        var offset = (long)size * frame;
        if (offset + size > data.Size) throw new DicomImagingException($"Frame {frame} ends behind the end of the pixel data");
        return new RangeByteBuffer(data, offset, size);
    }

    public override void AddFrame(IByteBuffer data)
    {
        var element = Dataset.GetDicomItem<DicomElement>(DicomTag.PixelData);
        if (element.Buffer is not CompositeByteBuffer frames)
        {
            frames = new CompositeByteBuffer(element.Buffer);
            Dataset.AddOrUpdate(ItemFactory.FromBytes(DicomTag.PixelData, element.ValueRepresentation, frames, null));
        }
        frames.Buffers.Add(data);
        NumberOfFrames++;
    }

    // Frames of one-bit pixels follow each other without a gap (PS3.5 section 8.1.1).
    private MemoryByteBuffer UnalignedFrame(IByteBuffer data, int frame)
    {
        var bits = (long)Width * Height * SamplesPerPixel;
        var first = bits * frame;
        if ((first + bits + 7) / 8 > data.Size) throw new DicomImagingException($"Frame {frame} ends behind the end of the pixel data");
        var source = data.Data;
        var made = new byte[UncompressedFrameSize];
        for (long i = 0; i < bits; i++)
            if ((source[(first + i) / 8] >> (int)((first + i) % 8) & 1) != 0) made[i / 8] |= (byte)(1 << (int)(i % 8));
        return new MemoryByteBuffer(made);
    }
}

/// <summary>Compressed frames in fragments.</summary>
internal sealed class EncapsulatedPixelData(DicomDataset dataset, DicomFragmentSequence sequence) : DicomPixelData(dataset)
{
    public override IByteBuffer GetFrame(int frame)
    {
        CheckFrame(frame);
        var fragments = sequence.Fragments;
        if (NumberOfFrames == 1) return Joined([.. fragments]);
        if (fragments.Count == NumberOfFrames) return fragments[frame];
        if (sequence.OffsetTable.Count < NumberOfFrames)
            throw new DicomImagingException("Support for multi-frame images with varying fragments per frame and no offset table has not been implemented.");
        return Joined(ByOffset(fragments, sequence.OffsetTable[frame],
            frame + 1 < sequence.OffsetTable.Count ? sequence.OffsetTable[frame + 1] : uint.MaxValue));
    }

    public override void AddFrame(IByteBuffer data)
    {
        var offset = sequence.Fragments.Sum(f => f.Size + (f.Size & 1) + 8);
        if (offset > uint.MaxValue) throw new DicomImagingException("The frames are too long for an offset table");
        sequence.OffsetTable.Add((uint)offset);
        sequence.Fragments.Add(data);
        NumberOfFrames++;
    }

    // Offsets count from the end of the table; each fragment has eight bytes before it.
    private static List<IByteBuffer> ByOffset(IList<IByteBuffer> fragments, uint from, uint to)
    {
        var found = new List<IByteBuffer>();
        long position = 0;
        foreach (var fragment in fragments)
        {
            if (position >= from && position < to) found.Add(fragment);
            position += fragment.Size + (fragment.Size & 1) + 8;
        }
        return found;
    }

    private static IByteBuffer Joined(List<IByteBuffer> parts) => parts.Count switch
    {
        0 => throw new DicomImagingException("The frame has no fragment"),
        1 => parts[0],
        _ => new CompositeByteBuffer(parts),
    };
}
