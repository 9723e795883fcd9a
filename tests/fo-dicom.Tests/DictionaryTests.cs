using FellowOakDicom;

namespace FoDicom.Tests;

public class DictionaryTests
{
    [Fact]
    public void EveryPublicField_HasItsEntry()
    {
        var fields = typeof(DicomTag).GetFields().Where(f => f.IsStatic && f.FieldType == typeof(DicomTag) && f.Name != "Unknown").ToArray();

        Assert.True(fields.Length > 5000, $"{fields.Length}");
        Assert.All(fields, f =>
        {
            var tag = (DicomTag)f.GetValue(null)!;
            Assert.Equal(f.Name, tag.DictionaryEntry.Keyword);
            Assert.Equal(tag, DicomDictionary.Default[f.Name]);
        });
    }

    [Fact]
    public void Entries_SayWhatTheStandardSays()
    {
        var name = DicomTag.PatientName.DictionaryEntry;
        Assert.Equal(("Patient's Name", "PatientName", "PN", "1", false), (name.Name, name.Keyword, name.ValueRepresentations[0].Code, name.ValueMultiplicity.ToString(), name.IsRetired));
        Assert.Equal(["OB", "OW"], DicomTag.PixelData.DictionaryEntry.ValueRepresentations.Select(v => v.Code));
        Assert.Equal("OverlayData", new DicomTag(0x6002, 0x3000).DictionaryEntry.Keyword);
        Assert.Equal("Unknown", new DicomTag(0x6002, 0x9999).DictionaryEntry.Keyword);
        Assert.Equal(DicomVR.LO, new DicomTag(0x0029, 0x0010).DictionaryEntry.ValueRepresentations[0]);
        Assert.Equal(DicomVR.UL, new DicomTag(0x0010, 0x0000).DictionaryEntry.ValueRepresentations[0]);
        Assert.True(DicomDictionary.Default[DicomDictionary.Default["AcquisitionCommentsRETIRED"]].IsRetired);
        Assert.Equal(new DicomTag(0x0008, 0x001c), DicomTag.SyntheticData);
    }

    [Theory]
    [InlineData("(0010,0020)")]
    [InlineData("0010,0020")]
    [InlineData("00100020")]
    [InlineData("PatientID")]
    public void Tag_IsParsed(string text) => Assert.Equal(DicomTag.PatientID, DicomTag.Parse(text));

    [Fact]
    public void Tag_OfNoForm_IsRefused() => Assert.Throws<DicomDataException>(() => DicomTag.Parse("NoSuchKeyword"));

    [Fact]
    public void PrivateEntries_CanBeAdded()
    {
        var creator = DicomDictionary.Default.GetPrivateCreator("MEDGAN DICTIONARY TEST");
        DicomDictionary.Default[creator].Add(new DicomDictionaryEntry(new DicomTag(0x0031, 0x0007), "Test", "Test", DicomVM.VM_1, false, DicomVR.IS));

        var dataset = new DicomDataset().Add(new DicomTag(0x0031, 0x07, creator), 5);

        Assert.Equal(5, dataset.GetSingleValue<int>(new DicomTag(0x0031, 0x07, creator)));
        Assert.Equal(DicomVR.IS, dataset.Last().ValueRepresentation);
    }

    [Fact]
    public void Uids_AreRegistered_AndNewOnesAreDifferentAndValid()
    {
        Assert.Same(DicomUID.MRImageStorage, DicomUID.Parse("1.2.840.10008.5.1.4.1.1.4"));
        Assert.True(DicomUID.MRImageStorage.IsImageStorage);
        Assert.Equal(DicomUidType.TransferSyntax, DicomUID.ExplicitVRLittleEndian.Type);
        var made = Enumerable.Range(0, 1000).Select(_ => DicomUIDGenerator.GenerateDerivedFromUUID().UID).ToHashSet();
        Assert.Equal(1000, made.Count);
        Assert.All(made, uid => Assert.True(uid.StartsWith("2.25.", StringComparison.Ordinal) && DicomUID.IsValidUid(uid)));
    }

    [Fact]
    public void TransferSyntaxes_AreKnownByTheirUid()
    {
        Assert.Same(DicomTransferSyntax.JPEGLSNearLossless, DicomTransferSyntax.Parse("1.2.840.10008.1.2.4.81"));
        Assert.True(DicomTransferSyntax.JPEGLSNearLossless.IsLossy);
        Assert.False(DicomTransferSyntax.JPEG2000Lossless.IsLossy);
        Assert.Null(DicomTransferSyntax.Query(new DicomUID("1.2.3.4.5", "?", DicomUidType.TransferSyntax)));
        Assert.True(DicomTransferSyntax.Parse("1.2.3.4.5").IsEncapsulated);
    }
}
