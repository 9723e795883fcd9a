using FellowOakDicom;
using FellowOakDicom.Imaging;
using FellowOakDicom.IO.Buffer;
using FellowOakDicom.IO.Writer;

namespace FoDicom.Tests;

public class RoundTripTests
{
    public static TheoryData<string> NativeSyntaxes =>
    [
        DicomTransferSyntax.ImplicitVRLittleEndian.UID.UID, DicomTransferSyntax.ExplicitVRLittleEndian.UID.UID,
        DicomTransferSyntax.ExplicitVRBigEndian.UID.UID, DicomTransferSyntax.DeflatedExplicitVRLittleEndian.UID.UID,
    ];

    [Theory]
    [MemberData(nameof(NativeSyntaxes))]
    public void Save_ThenOpen_GivesEveryValueBack(string syntax)
    {
        var file = DicomFile.Open(Saved(Samples.EveryVr(DicomTransferSyntax.Parse(syntax)), null));

        Assert.Equal(syntax, file.FileMetaInfo.TransferSyntax.UID.UID);
        Assert.Equal(DicomFileFormat.DICOM3, file.Format);
        Samples.AssertEveryVr(file.Dataset);
    }

    [Theory]
    [MemberData(nameof(NativeSyntaxes))]
    public void Open_ThenSave_GivesTheSameBytes(string syntax)
    {
        var first = Saved(Samples.EveryVr(DicomTransferSyntax.Parse(syntax)), null).ToArray();
        var again = new MemoryStream();

        DicomFile.Open(new MemoryStream(first)).Save(again);

        Assert.Equal(first, again.ToArray());
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Save_WithExplicitLengths_ReadsBackTheSame(bool sequences, bool items)
    {
        var options = new DicomWriteOptions { ExplicitLengthSequences = sequences, ExplicitLengthSequenceItems = items };

        var file = DicomFile.Open(Saved(Samples.EveryVr(DicomTransferSyntax.ExplicitVRLittleEndian), options));

        Samples.AssertEveryVr(file.Dataset);
    }

    [Fact]
    public void Save_EncapsulatedFrames_KeepsFragmentsAndOffsetTable()
    {
        var dataset = Samples.Image(DicomTransferSyntax.RLELossless);
        var pixels = DicomPixelData.Create(dataset, newPixelData: true);
        pixels.AddFrame(new MemoryByteBuffer([1, 2, 3]));
        pixels.AddFrame(new MemoryByteBuffer([4, 5, 6, 7]));

        var read = DicomFile.Open(Saved(dataset, null)).Dataset;

        Assert.Equal([0u, 12u], read.GetDicomItem<DicomFragmentSequence>(DicomTag.PixelData).OffsetTable);
        Assert.Equal(2, DicomPixelData.Create(read).NumberOfFrames);
        Assert.Equal([4, 5, 6, 7], DicomPixelData.Create(read).GetFrame(1).Data);
    }

    [Fact]
    public void Save_OfAFile_NamesThisLibraryAsItsWriter()
    {
        var file = DicomFile.Open(Saved(Samples.EveryVr(DicomTransferSyntax.ExplicitVRLittleEndian), null));

        Assert.Equal(DicomImplementation.ClassUID, file.FileMetaInfo.ImplementationClassUID);
        Assert.Equal(DicomUID.CTImageStorage, file.FileMetaInfo.MediaStorageSOPClassUID);
        Assert.Equal(file.Dataset.GetSingleValue<DicomUID>(DicomTag.SOPInstanceUID), file.FileMetaInfo.MediaStorageSOPInstanceUID);
    }

    [Fact]
    public void Save_GroupLengths_AreLeftOutUnlessKept()
    {
        var dataset = Samples.EveryVr(DicomTransferSyntax.ExplicitVRLittleEndian);
        dataset.Add(new DicomUnsignedLong(new DicomTag(0x0008, 0x0000), 1u));

        Assert.False(DicomFile.Open(Saved(dataset, null)).Dataset.Contains(new DicomTag(0x0008, 0x0000)));
        Assert.True(DicomFile.Open(Saved(dataset, new DicomWriteOptions { KeepGroupLengths = true })).Dataset.Contains(new DicomTag(0x0008, 0x0000)));
    }

    [Fact]
    public void SaveToTheFileThatWasOpened_OnDemand_KeepsLargeValues()
    {
        var path = Path.GetTempFileName();
        try
        {
            var dataset = Samples.EveryVr(DicomTransferSyntax.ExplicitVRLittleEndian);
            var large = Enumerable.Range(0, 300_000).Select(i => (byte)i).ToArray();
            dataset.AddOrUpdate(new DicomOtherByte(DicomTag.PixelData, large));
            new DicomFile(dataset).Save(path);
            var file = DicomFile.Open(path, FileReadOption.ReadLargeOnDemand);
            file.Dataset.AddOrUpdate(DicomTag.PatientID, "a much longer identifier");
            Assert.False(file.Dataset.GetDicomItem<DicomElement>(DicomTag.PixelData).Buffer.IsMemory);

            file.Save(path);

            Assert.Equal(large, DicomFile.Open(path).Dataset.GetValues<byte>(DicomTag.PixelData));
        }
        finally
        {
            File.Delete(path);
        }
    }

    internal static MemoryStream Saved(DicomDataset dataset, DicomWriteOptions? options)
    {
        var stream = new MemoryStream();
        new DicomFile(dataset).Save(stream, options);
        stream.Position = 0;
        return stream;
    }
}
