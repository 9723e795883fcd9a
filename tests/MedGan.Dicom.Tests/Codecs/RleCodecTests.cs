using FellowOakDicom;
using MedGan.Dicom.Codecs;
using MedGan.Dicom.Tests.Reference;
using MedGan.Testing;
using Xunit;

namespace MedGan.Dicom.Tests.Codecs;

public sealed class RleCodecTests
{
    private static byte[] Frame(params byte[][] segments)
    {
        var header = new byte[64];
        BitConverter.TryWriteBytes(header, segments.Length);
        var offset = 64;
        for (var s = 0; s < segments.Length; offset += segments[s].Length, s++)
            BitConverter.TryWriteBytes(header.AsSpan(4 + 4 * s), offset);
        return [.. header, .. segments.SelectMany(s => s)];
    }

    [Fact]
    public void Decode_LiteralsRunsAndNoOperation_ByTheStandardsExample()
    {
        // 3 literals 1 2 3, no operation, a run of four 9, 1 literal 5.
        var frame = Frame([2, 1, 2, 3, 0x80, 0xFD, 9, 0, 5]);
        Assert.Equal(new byte[] { 1, 2, 3, 9, 9, 9, 9, 5 }, RleCodec.Decode(frame, 8, 1, 1));
    }

    [Fact]
    public void Decode_TwoBytesPerSample_PutsTheFirstSegmentHigh() =>
        Assert.Equal(new byte[] { 0x22, 0x11, 0x22, 0x11 }, RleCodec.Decode(Frame([0xFF, 0x11], [0xFF, 0x22]), 2, 1, 2));

    [Theory]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(66)]
    public void Decode_CutShort_IsRefused(int length) =>
        Assert.Throws<PixelDataException>(() => RleCodec.Decode(Frame([2, 1, 2, 3, 0xFD, 9]).AsSpan(0, length), 7, 1, 1));

    [Fact]
    public void Decode_SegmentsOutsideOfTheFrame_IsRefused()
    {
        var frame = Frame([0xFF, 1], [0xFF, 2]);
        BitConverter.TryWriteBytes(frame.AsSpan(8), 0xFFFFFFF0);
        Assert.Throws<PixelDataException>(() => RleCodec.Decode(frame, 2, 1, 2));
    }

    [Theory]
    [InlineData("CT1")]
    [InlineData("MR1")]
    [InlineData("MR4")]
    public void Decode_Wg04_IsBitExact(string name)
    {
        var (rle, reference) = Wg04(name);
        Assert.Equal(FrameDecoder.Decode(reference).Values, FrameDecoder.Decode(rle).Values);
        Assert.Equal(DicomTransferSyntax.RLELossless, rle.Dataset.InternalTransferSyntax);
    }

    [Theory]
    [InlineData("NM1")]
    [InlineData("US1")]
    public void Decode_Wg04ColourOrLarge_IsBitExact(string name)
    {
        var (rle, reference) = Wg04(name);
        var d = rle.Dataset;
        int pixels = d.GetSingleValue<ushort>(DicomTag.Rows) * d.GetSingleValue<ushort>(DicomTag.Columns);
        int samples = d.GetSingleValue<ushort>(DicomTag.SamplesPerPixel), bytes = d.GetSingleValue<ushort>(DicomTag.BitsAllocated) / 8;
        var fragments = d.GetDicomItem<DicomFragmentSequence>(DicomTag.PixelData).Fragments;
        var frames = FrameDecoder.Frames(d);
        Assert.Equal(frames, fragments.Count);
        var expected = reference.Dataset.GetDicomItem<DicomElement>(DicomTag.PixelData).Buffer.Data;
        var planar = samples > 1 && reference.Dataset.GetSingleValueOrDefault<ushort>(DicomTag.PlanarConfiguration, 0) == 1;
        for (var f = 0; f < frames; f++)
        {
            var decoded = RleCodec.Decode(fragments[f].Data, pixels, samples, bytes);
            for (var i = 0; i < decoded.Length; i++)
            {
                var j = planar ? i % samples * pixels + i / samples : i;
                if (decoded[i] != expected[f * decoded.Length + j])
                    Assert.Fail($"frame {f}: byte {i} is {decoded[i]} instead of {expected[f * decoded.Length + j]}");
            }
        }
    }

    private static (DicomFile Rle, DicomFile Reference) Wg04(string name)
    {
        Assert.SkipUnless(SharedData.Exists, SharedData.WhyAbsent);
        Assert.SkipUnless(SystemPrograms.Has("zstd"), "zstd, which the reference files are packed with, is not installed");
        using var folder = new TemporaryFolder();
        var reference = folder.File("reference.dcm");
        Assert.Equal(0, SystemPrograms.Run("zstd", ["-dqo", reference, SharedData.Path("parser", "WG04", "REF", name + "_UNC.zst")]).ExitCode);
        return (DicomFile.Open(SharedData.Path("parser", "WG04", "RLE", name + "_RLE"), FileReadOption.ReadAll), DicomFile.Open(reference, FileReadOption.ReadAll));
    }
}
