using FellowOakDicom;
using FellowOakDicom.IO.Buffer;

namespace FoDicom.Tests;

public class DatasetTests
{
    [Fact]
    public void Items_ComeInTagOrder()
    {
        var dataset = new DicomDataset { { DicomTag.StudyID, "1" }, { DicomTag.PatientID, "p" }, { DicomTag.Modality, "MR" } };

        Assert.Equal([DicomTag.Modality, DicomTag.PatientID, DicomTag.StudyID], dataset.Select(i => i.Tag));
    }

    [Fact]
    public void Add_OfWhatIsThere_Throws_AndAddOrUpdateReplaces()
    {
        var dataset = new DicomDataset { { DicomTag.PatientID, "a" } };

        Assert.Throws<DicomDataException>(() => dataset.Add(DicomTag.PatientID, "b"));
        Assert.Equal("b", dataset.AddOrUpdate(DicomTag.PatientID, "b").GetString(DicomTag.PatientID));
    }

    [Fact]
    public void Add_TakesTheVrThatFitsTheType()
    {
        var dataset = new DicomDataset().Add(DicomTag.PixelPaddingValue, (short)-5);

        Assert.Equal(DicomVR.SS, dataset.GetDicomItem<DicomItem>(DicomTag.PixelPaddingValue).ValueRepresentation);
        Assert.Throws<InvalidOperationException>(() => dataset.Add(DicomTag.Rows, 5.5));
        Assert.Throws<InvalidOperationException>(() => dataset.Add(DicomTag.ReferencePixelX0, 5u));
        Assert.Throws<DicomDataException>(() => dataset.Add(new DicomTag(0x0014, 0x9999), "no such attribute"));
    }

    [Fact]
    public void GetSingleValue_WantsExactlyOne()
    {
        var dataset = new DicomDataset { { DicomTag.ImageType, "A", "B" }, { DicomTag.StudyID, string.Empty }, { DicomTag.SeriesNumber, "12" } };

        Assert.Throws<DicomDataException>(() => dataset.GetSingleValue<string>(DicomTag.ImageType));
        Assert.Throws<DicomDataException>(() => dataset.GetSingleValue<string>(DicomTag.StudyID));
        Assert.Throws<DicomDataException>(() => dataset.GetSingleValue<string>(DicomTag.PatientID));
        Assert.Equal("none", dataset.GetSingleValueOrDefault(DicomTag.StudyID, "none"));
        Assert.Equal("B", dataset.GetValue<string>(DicomTag.ImageType, 1));
        Assert.Equal("none", dataset.GetValueOrDefault(DicomTag.ImageType, 2, "none"));
        Assert.Equal(@"A\B", dataset.GetString(DicomTag.ImageType));
        Assert.Equal(12, dataset.GetSingleValue<int>(DicomTag.SeriesNumber));
        Assert.Equal(12.0, dataset.GetSingleValue<double>(DicomTag.SeriesNumber));
        Assert.False(dataset.TryGetSingleValue<DateTime>(DicomTag.SeriesNumber, out _));
        Assert.False(dataset.TryGetString(DicomTag.PatientID, out _));
        Assert.Empty(dataset.GetValues<string>(DicomTag.StudyID));
    }

    [Fact]
    public void PrivateElements_GetABlockPerCreator()
    {
        var dataset = new DicomDataset()
            .Add(new DicomShortString(new DicomTag(0x0029, 0x01, "ONE"), "1"))
            .Add(DicomVR.SH, new DicomTag(0x0029, 0x01, "TWO"), "2");

        Assert.Equal("ONE", dataset.GetString(new DicomTag(0x0029, 0x0010)));
        Assert.Equal("TWO", dataset.GetString(new DicomTag(0x0029, 0x0011)));
        Assert.Equal("2", dataset.GetString(new DicomTag(0x0029, 0x01, "TWO")));
        Assert.Equal(0x1101, dataset.GetPrivateTag(new DicomTag(0x0029, 0x01, "TWO")).Element);
        Assert.False(dataset.Contains(new DicomTag(0x0029, 0x01, "THREE")));
        Assert.Equal(4, dataset.Count());
    }

    [Fact]
    public void Remove_ByTagAndByCondition()
    {
        var dataset = Samples.EveryVr(DicomTransferSyntax.ExplicitVRLittleEndian);

        dataset.Remove(DicomTag.PatientName, DicomTag.PatientID).Remove(i => i.Tag.IsPrivate);

        Assert.False(dataset.Contains(DicomTag.PatientName));
        Assert.DoesNotContain(dataset, i => i.Tag.IsPrivate);
    }

    [Fact]
    public void Clone_HasSequencesOfItsOwn()
    {
        var original = Samples.EveryVr(DicomTransferSyntax.JPEGLSLossless);

        var copy = original.Clone();
        copy.GetSequence(DicomTag.AnatomicRegionSequence).Items[0].Clear();
        copy.AddOrUpdate(DicomTag.PatientAge, "001Y");

        Assert.NotEmpty(original.GetSequence(DicomTag.AnatomicRegionSequence).Items[0]);
        Assert.Equal("042Y", original.GetString(DicomTag.PatientAge));
        Assert.Equal(DicomTransferSyntax.JPEGLSLossless, copy.InternalTransferSyntax);
    }

    [Theory]
    [InlineData("AE", "A VERY LONG APPLICATION TITLE")]
    [InlineData("AS", "42")]
    [InlineData("CS", "lower")]
    [InlineData("DA", "20240230")]
    [InlineData("DS", "1,5")]
    [InlineData("DT", "2024-01-01")]
    [InlineData("IS", "1.5")]
    [InlineData("IS", "99999999999")]
    [InlineData("LO", "0123456789012345678901234567890123456789012345678901234567890123456789")]
    [InlineData("PN", "a^b^c^d^e^f")]
    [InlineData("SH", "01234567890123456")]
    [InlineData("TM", "25h")]
    [InlineData("UI", "1.02.3")]
    public void Validation_RefusesWhatTheVrForbids(string vr, string content)
    {
        var dataset = new DicomDataset();

        var error = Assert.Throws<DicomValidationException>(() => DicomVR.Parse(vr).ValidateString(content));

        Assert.Equal(content, error.Content);
        Assert.DoesNotContain(content, error.Message);
        Assert.Throws<DicomValidationException>(() => dataset.Add(DicomVR.Parse(vr), DicomTag.PatientComments, content));
        Assert.Single(dataset.NotValidated().Add(DicomVR.Parse(vr), DicomTag.PatientComments, content));
    }

    [Fact]
    public void Walker_SeesEverythingInOrder_AndStopsWhenTold()
    {
        var seen = new List<string>();
        new DicomDatasetWalker(new DicomDataset(
            new DicomSequence(DicomTag.AnatomicRegionSequence, new DicomDataset { { DicomTag.CodeValue, "x" } }),
            new DicomCodeString(DicomTag.Modality, "CT"))).Walk(new Recorder(seen, "nothing"));

        Assert.Equal(["walk", "CS", "SQ", "item", "SH", "/item", "/SQ", "/walk"], seen);

        seen.Clear();
        new DicomDatasetWalker(Samples.EveryVr(DicomTransferSyntax.ExplicitVRLittleEndian)).Walk(new Recorder(seen, "PN"));
        Assert.Equal("PN", seen[^2]);
    }

    private sealed class Recorder(List<string> seen, string last) : IDicomDatasetWalker
    {
        public void OnBeginWalk() => seen.Add("walk");
        public bool OnElement(DicomElement element) => Add(element.ValueRepresentation.Code);
        public Task<bool> OnElementAsync(DicomElement element) => Task.FromResult(OnElement(element));
        public bool OnBeginSequence(DicomSequence sequence) => Add("SQ");
        public bool OnBeginSequenceItem(DicomDataset dataset) => Add("item");
        public bool OnEndSequenceItem() => Add("/item");
        public bool OnEndSequence() => Add("/SQ");
        public bool OnBeginFragment(DicomFragmentSequence fragment) => Add("fragments");
        public bool OnFragmentItem(IByteBuffer item) => Add("fragment");
        public Task<bool> OnFragmentItemAsync(IByteBuffer item) => Task.FromResult(OnFragmentItem(item));
        public bool OnEndFragment() => Add("/fragments");
        public void OnEndWalk() => seen.Add("/walk");

        private bool Add(string what)
        {
            seen.Add(what);
            return what != last;
        }
    }
}
