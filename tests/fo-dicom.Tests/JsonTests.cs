using System.Text.Json;
using FellowOakDicom;
using FellowOakDicom.IO.Buffer;
using FellowOakDicom.Serialization;

namespace FoDicom.Tests;

/// <summary>PS3.18 Annex F.</summary>
public class JsonTests
{
    [Fact]
    public void EveryVr_SurvivesJson()
    {
        var original = Samples.EveryVr(DicomTransferSyntax.ExplicitVRLittleEndian);

        var read = DicomJson.ConvertJsonToDicom(DicomJson.ConvertDicomToJson(original));

        Samples.AssertEveryVr(read);
    }

    [Fact]
    public void Values_HaveTheFormsOfTheStandard()
    {
        var dataset = new DicomDataset
        {
            { DicomTag.PatientName, "Wang^XiaoDong=王^小东" }, { DicomTag.PatientWeight, "70.50" }, { DicomTag.SeriesNumber, "3" },
            { DicomTag.ImageType, "DERIVED", "", "AXIAL" }, { DicomTag.StudyID, string.Empty }, { DicomTag.FrameIncrementPointer, DicomTag.FrameTime },
            { DicomTag.RealWorldValueSlope, double.NaN },
        };
        dataset.NotValidated().Add(new DicomOtherByte(DicomTag.PixelData, 1, 2, 3)).Add(new DicomSequence(DicomTag.AnatomicRegionSequence, new DicomDataset()));

        using var json = JsonDocument.Parse(DicomJson.ConvertDicomToJson(dataset));
        string Of(string tag) => json.RootElement.GetProperty(tag).GetRawText();

        Assert.Equal("王^小东", json.RootElement.GetProperty("00100010").GetProperty("Value")[0].GetProperty("Ideographic").GetString());
        Assert.Equal("""{"vr":"DS","Value":[70.50]}""", Of("00101030"));
        Assert.Equal("""{"vr":"IS","Value":[3]}""", Of("00200011"));
        Assert.Equal("""{"vr":"CS","Value":["DERIVED",null,"AXIAL"]}""", Of("00080008"));
        Assert.Equal("""{"vr":"SH"}""", Of("00200010"));
        Assert.Equal("""{"vr":"AT","Value":["00181063"]}""", Of("00280009"));
        Assert.Equal("""{"vr":"FD","Value":["NaN"]}""", Of("00409225"));
        Assert.Equal("""{"vr":"OB","InlineBinary":"AQID"}""", Of("7FE00010"));
        Assert.Equal("""{"vr":"SQ","Value":[{}]}""", Of("00082218"));
    }

    [Fact]
    public void BulkDataUri_IsKept()
    {
        const string json = """{"7FE00010":{"vr":"OW","BulkDataURI":"https://example.org/bulk/1"}}""";

        var dataset = DicomJson.ConvertJsonToDicom(json);

        var buffer = Assert.IsAssignableFrom<IBulkDataUriByteBuffer>(dataset.GetDicomItem<DicomElement>(DicomTag.PixelData).Buffer);
        Assert.Equal("https://example.org/bulk/1", buffer.BulkDataUri);
        Assert.Equal(json, DicomJson.ConvertDicomToJson(dataset));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"00100010":{}}""")]
    [InlineData("""{"nonsense":{"vr":"PN"}}""")]
    [InlineData("""{"00280010":{"vr":"US","Value":[70000]}}""")]
    [InlineData("""{"7FE00010":{"vr":"OB","InlineBinary":"%%%"}}""")]
    [InlineData("""{"00100010":""")]
    public void MalformedJson_IsRefused(string json) => Assert.ThrowsAny<JsonException>(() => DicomJson.ConvertJsonToDicom(json));

    [Fact]
    public void NumbersThatAreNone_AreAnErrorOrText()
    {
        var dataset = new DicomDataset().NotValidated().Add(DicomTag.PatientWeight, "heavy");

        Assert.Throws<FormatException>(() => DicomJson.ConvertDicomToJson(dataset));
        Assert.Contains("\"heavy\"", DicomJson.ConvertDicomToJson(dataset, numberSerializationMode: NumberSerializationMode.PreferablyAsNumber));
    }

    [Fact]
    public void DeepSequences_AndWideNumbers_GoBothWays()
    {
        var dataset = new DicomDataset { { DicomTag.PatientWeight, "1.5E+40" } };
        for (var i = 0; i < 60; i++) dataset = new DicomDataset(new DicomSequence(DicomTag.AnatomicRegionSequence, dataset));

        var read = DicomJson.ConvertJsonToDicom(DicomJson.ConvertDicomToJson(dataset));
        for (var i = 0; i < 60; i++) read = read.GetSequence(DicomTag.AnatomicRegionSequence).Items[0];

        Assert.Equal(1.5e40, read.GetSingleValue<double>(DicomTag.PatientWeight));
    }

    [Fact]
    public void Array_GoesBothWays()
    {
        DicomDataset[] studies = [new() { { DicomTag.StudyID, "1" } }, new() { { DicomTag.StudyID, "2" } }];

        var read = DicomJson.ConvertJsonToDicomArray(DicomJson.ConvertDicomToJson(studies));

        Assert.Equal(["1", "2"], read.Select(d => d.GetString(DicomTag.StudyID)));
    }
}
