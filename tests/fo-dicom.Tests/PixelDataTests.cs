using FellowOakDicom;
using FellowOakDicom.Imaging;
using FellowOakDicom.IO.Buffer;

namespace FoDicom.Tests;

public class PixelDataTests
{
    [Theory]
    [InlineData("1.2.840.10008.1.2", 8, "OW")]
    [InlineData("1.2.840.10008.1.2.1", 8, "OB")]
    [InlineData("1.2.840.10008.1.2.1", 16, "OW")]
    public void NewNativeFrames_AreReadBack(string syntax, int bits, string vr)
    {
        var dataset = Samples.Image(DicomTransferSyntax.Parse(syntax)).AddOrUpdate(DicomTag.BitsAllocated, (ushort)bits);
        byte[] first = [.. Enumerable.Range(1, 6 * bits / 8).Select(i => (byte)i)], second = [.. first.Reverse()];

        var made = DicomPixelData.Create(dataset, newPixelData: true);
        made.AddFrame(new MemoryByteBuffer(first));
        made.AddFrame(new MemoryByteBuffer(second));
        var read = DicomPixelData.Create(DicomFile.Open(RoundTripTests.Saved(dataset, null)).Dataset);

        Assert.Equal(vr, dataset.GetDicomItem<DicomItem>(DicomTag.PixelData).ValueRepresentation.Code);
        Assert.Equal(2, read.NumberOfFrames);
        Assert.Equal(first, read.GetFrame(0).Data);
        Assert.Equal(second, read.GetFrame(1).Data);
        Assert.Throws<IndexOutOfRangeException>(() => read.GetFrame(2));
    }

    [Fact]
    public void Attributes_AreThoseOfTheDataset()
    {
        var dataset = Samples.Image(DicomTransferSyntax.ExplicitVRLittleEndian);

        var pixels = DicomPixelData.Create(dataset, newPixelData: true);
        pixels.PhotometricInterpretation = PhotometricInterpretation.Rgb;
        pixels.SamplesPerPixel = 3;
        pixels.PlanarConfiguration = PlanarConfiguration.Planar;
        pixels.PixelRepresentation = PixelRepresentation.Signed;

        Assert.Equal((3, 2, 16, 12, 11), (pixels.Width, pixels.Height, pixels.BitsAllocated, pixels.BitsStored, pixels.HighBit));
        Assert.Equal(3 * 2 * 2 * 3, pixels.UncompressedFrameSize);
        Assert.Equal("RGB", dataset.GetString(DicomTag.PhotometricInterpretation));
        Assert.Equal(1, dataset.GetSingleValue<int>(DicomTag.PlanarConfiguration));
        Assert.Equal((-2048, 2047), (pixels.BitDepth.MinimumValue, pixels.BitDepth.MaximumValue));
    }

    [Fact]
    public void FramesInSeveralFragments_AreJoinedByTheOffsetTable()
    {
        var dataset = Samples.Image(DicomTransferSyntax.JPEG2000Lossless);
        var pixels = DicomPixelData.Create(dataset, newPixelData: true);
        pixels.AddFrame(new MemoryByteBuffer([1, 2]));
        var fragments = dataset.GetDicomItem<DicomFragmentSequence>(DicomTag.PixelData);
        fragments.Fragments.Add(new MemoryByteBuffer([3, 4]));
        pixels.AddFrame(new MemoryByteBuffer([5, 6]));

        Assert.Equal([1, 2, 3, 4], pixels.GetFrame(0).Data);
        Assert.Equal([5, 6], pixels.GetFrame(1).Data);
    }

    [Fact]
    public void OneBitFrames_FollowWithoutAGap()
    {
        var dataset = Samples.Image(DicomTransferSyntax.ExplicitVRLittleEndian)
            .AddOrUpdate(DicomTag.BitsAllocated, (ushort)1).AddOrUpdate(DicomTag.NumberOfFrames, 2)
            .AddOrUpdate(new DicomOtherByte(DicomTag.PixelData, 0b11_000001, 0b0000_1010));

        var pixels = DicomPixelData.Create(dataset);

        Assert.Equal(0b000001, pixels.GetFrame(0).Data[0] & 0x3f);
        Assert.Equal([0b101011], pixels.GetFrame(1).Data);
    }

    [Fact]
    public void MissingOrShortPixelData_AreAnError()
    {
        var dataset = Samples.Image(DicomTransferSyntax.ExplicitVRLittleEndian);
        Assert.Throws<DicomImagingException>(() => DicomPixelData.Create(dataset));

        dataset.Add(new DicomOtherWord(DicomTag.PixelData, 1, 2));

        Assert.Throws<DicomImagingException>(() => DicomPixelData.Create(dataset).GetFrame(0));
    }

    [Fact]
    public void Buffers_GiveTheirParts()
    {
        var whole = new CompositeByteBuffer(new MemoryByteBuffer([1, 2, 3]), EmptyBuffer.Value, new MemoryByteBuffer([4, 5, 6]));
        var part = new byte[3];

        whole.GetByteRange(2, 3, part);

        Assert.Equal([3, 4, 5], part);
        Assert.Equal([2, 3, 4, 5], new RangeByteBuffer(whole, 1, 4).Data);
        Assert.Equal(6, whole.Size);
    }
}
