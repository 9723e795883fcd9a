using FellowOakDicom;
using MedGan.Testing;

namespace FoDicom.Tests;

/// <summary>Files as they are found: without headers, truncated, in odd encodings.</summary>
public class FileFormTests
{
    // What is no DICOM file, or ends too early; everything else of the folder can be read.
    private static readonly string[] Refused =
    [
        "MR_truncated.dcm", "README", "README.txt", "crayons.icc", "no_meta.dcm", "rtplan.dump", "rtplan_truncated.dcm", "rtstruct.dump",
        "test1.json", "test_PN.json", "zipMR.gz",
    ];

    [Fact]
    public void OddFiles_AreReadOrRefused_AsTheyDeserve()
    {
        Assert.SkipUnless(SharedData.Exists, SharedData.WhyAbsent);
        var refused = new SortedSet<string>(StringComparer.Ordinal);
        var read = 0;
        foreach (var path in Directory.GetFiles(SharedData.Path("parser", "pydicom"), "*", SearchOption.AllDirectories))
            try
            {
                DicomFile.Open(path);
                read++;
            }
            catch (DicomFileException)
            {
                refused.Add(Path.GetFileName(path));
            }

        Assert.Equal(Refused.Order(StringComparer.Ordinal), refused);
        Assert.True(read > 150, $"{read}");
    }

    [Theory]
    [InlineData("ExplVR_BigEndNoMeta.dcm", DicomFileFormat.DICOM3NoFileMetaInfo)]
    [InlineData("ExplVR_LitEndNoMeta.dcm", DicomFileFormat.DICOM3NoFileMetaInfo)]
    [InlineData("rtstruct.dcm", DicomFileFormat.DICOM3NoFileMetaInfo)]
    [InlineData("CT_small.dcm", DicomFileFormat.DICOM3)]
    public void Format_TellsWhatWasMissing(string name, DicomFileFormat expected)
    {
        Assert.SkipUnless(SharedData.Exists, SharedData.WhyAbsent);
        var path = SharedData.Path("parser", "pydicom", name);

        Assert.Equal(expected, DicomFile.Open(path).Format);
        Assert.Equal(expected == DicomFileFormat.DICOM3, DicomFile.HasValidHeader(path));
    }

    [Fact]
    public void TruncatedFile_TellsWhatItHeld()
    {
        Assert.SkipUnless(SharedData.Exists, SharedData.WhyAbsent);

        var error = Assert.Throws<DicomFileException>(() => DicomFile.Open(SharedData.Path("parser", "pydicom", "MR_truncated.dcm")));

        Assert.True(error.File.Dataset.Contains(DicomTag.PatientID));
        Assert.False(error.File.Dataset.Contains(DicomTag.PixelData));
        Assert.IsAssignableFrom<DicomException>(error.InnerException);
    }

    [Fact]
    public void NoPreamble_IsRead()
    {
        var bytes = RoundTripTests.Saved(Samples.EveryVr(DicomTransferSyntax.ImplicitVRLittleEndian), null).ToArray()[132..];

        var file = DicomFile.Open(new MemoryStream(bytes));

        Assert.Equal(DicomFileFormat.DICOM3NoPreamble, file.Format);
        Samples.AssertEveryVr(file.Dataset);
    }

    [Fact]
    public void Stop_LeavesTheRestUnread()
    {
        var stream = RoundTripTests.Saved(Samples.EveryVr(DicomTransferSyntax.ExplicitVRLittleEndian), null);

        var file = DicomFile.Open(stream, DicomEncoding.Default, state => state.SequenceDepth == 0 && state.Tag.CompareTo(DicomTag.PatientName) >= 0);

        Assert.True(file.IsPartial);
        Assert.True(file.Dataset.Contains(DicomTag.SOPInstanceUID));
        Assert.DoesNotContain(file.Dataset, i => i.Tag.CompareTo(DicomTag.PatientName) >= 0);
    }

    [Fact]
    public void SkipLargeTags_LeavesThemOut()
    {
        var dataset = Samples.EveryVr(DicomTransferSyntax.ExplicitVRLittleEndian).AddOrUpdate(new DicomOtherByte(DicomTag.ICCProfile, new byte[100_000]));

        var file = DicomFile.Open(RoundTripTests.Saved(dataset, null), FileReadOption.SkipLargeTags);

        Assert.False(file.Dataset.Contains(DicomTag.ICCProfile));
        Assert.True(file.Dataset.Contains(DicomTag.PixelData));
    }

    [Fact]
    public void UnknownOfUndefinedLength_IsASequenceInImplicitVr()
    {
        using var bytes = new MemoryStream(RoundTripTests.Saved(Samples.Image(DicomTransferSyntax.ExplicitVRLittleEndian), null).ToArray());
        using var whole = new MemoryStream();
        bytes.CopyTo(whole);
        byte[] unknown = [0x11, 0x30, 0x01, 0x10, (byte)'U', (byte)'N', 0, 0, 0xff, 0xff, 0xff, 0xff,
            0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff, 0x10, 0x00, 0x20, 0x00, 2, 0, 0, 0, (byte)'I', (byte)'D',
            0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0, 0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0];
        whole.Write(unknown);
        whole.Position = 0;

        var sequence = DicomFile.Open(whole).Dataset.OfType<DicomSequence>().Single();

        Assert.Equal("ID", sequence.Items.Single().GetString(DicomTag.PatientID));
    }

    [Fact]
    public async Task OpenAsync_ReadsWhatMayOnlyBeReadAsynchronously()
    {
        var saved = RoundTripTests.Saved(Samples.EveryVr(DicomTransferSyntax.ExplicitVRLittleEndian), null);

        var file = await DicomFile.OpenAsync(new AsyncOnly(saved));

        Samples.AssertEveryVr(file.Dataset);
    }

    private sealed class AsyncOnly(Stream stream) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Synchronous");
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => stream.ReadAsync(buffer, cancellationToken);
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
