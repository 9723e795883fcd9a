using System.Text.Json;
using FellowOakDicom;
using MedGan.Dicom.Synthetic;
using MedGan.Dicom.Tests.Reference;
using MedGan.Dicom.Volumes;
using MedGan.Phantoms;
using Xunit;

namespace MedGan.Dicom.Tests.Synthetic;

public sealed class SyntheticSeriesWriterTests
{
    private static readonly SyntheticStudy Study = new(
        "SYN-000017", SyntheticUid.Create("study", "17"), SyntheticUid.Create("series", "17", "1"), SyntheticUid.Create("frame", "17"),
        1, "cyclegan-64", "2026.11.22-a1b2c3", new DateTimeOffset(2026, 11, 22, 6, 30, 15, TimeSpan.Zero));

    private static Volume Of(PhantomModality modality) => Phantom.Render(PhantomPatient.Create(5), modality, new PhantomGrid(64, 5, 3.7, 20));

    [Theory]
    [InlineData(PhantomModality.Ct, "CTImage")]
    [InlineData(PhantomModality.MrT1, "MRImage")]
    public void Write_EveryFile_PassesDciodvfyAndOpensInDcmdump(PhantomModality modality, string iod)
    {
        Assert.SkipUnless(SystemPrograms.Has("dciodvfy") && SystemPrograms.Has("dcmdump"), "dicom3tools or dcmtk is not installed: ./medgan setup --tests");
        using var folder = new TemporaryFolder();
        var paths = Save(Of(modality), [0, 1, 2, 3, 4], folder);
        foreach (var path in paths)
        {
            Assert.Empty(SystemPrograms.ValidatorErrors(path));
            Assert.Contains(iod, SystemPrograms.Run("dciodvfy", [path], withErrors: true).Output);
            var (exit, dump) = SystemPrograms.Run("dcmdump", [path]);
            Assert.Equal(0, exit);
            Assert.Contains("(0008,001c) CS [YES]", dump);
        }
    }

    [Fact]
    public void Validator_RealDefect_IsReported()
    {
        Assert.SkipUnless(SystemPrograms.Has("dciodvfy"), "dicom3tools is not installed: ./medgan setup --tests");
        using var folder = new TemporaryFolder();
        var file = SyntheticSeriesWriter.Write(Of(PhantomModality.MrT1), [0], Study)[0];
        file.Dataset.Remove(DicomTag.ScanningSequence);
        file.Save(folder.File("bad.dcm"));
        Assert.NotEmpty(SystemPrograms.ValidatorErrors(folder.File("bad.dcm")));
    }

    [Theory]
    [InlineData(PhantomModality.Ct)]
    [InlineData(PhantomModality.MrT1)]
    public void Write_SomeSlices_KeepPositionAndInstanceNumber(PhantomModality modality)
    {
        var v = Of(modality);
        var files = SyntheticSeriesWriter.Write(v, [1, 4], Study);
        Assert.Equal(["2", "5"], files.Select(f => f.Dataset.GetString(DicomTag.InstanceNumber)));
        var z = v.Geometry.PositionMm(0, 0, 4).Z;
        Assert.Equal(z, files[1].Dataset.GetValue<double>(DicomTag.ImagePositionPatient, 2), 6);
        Assert.Throws<ArgumentException>(() => SyntheticSeriesWriter.Write(v, [5], Study));
        Assert.Throws<ArgumentException>(() => SyntheticSeriesWriter.Write(v, [1, 1], Study));
    }

    [Fact]
    public void Write_Ct_ReadsBackToTheSameHounsfieldUnits()
    {
        var v = Of(PhantomModality.Ct);
        var back = VolumeReader.Read(SyntheticSeriesWriter.Write(v, [0, 1, 2, 3, 4], Study)).Volume;
        Assert.Equal(v.Geometry, back.Geometry);
        for (var i = 0; i < v.Voxels.Length; i++)
            Assert.Equal(v.Voxels[i], back.Voxels[i], 0.5f);
    }

    [Fact]
    public void Write_Mr_StoresTwelveBits()
    {
        var v = Of(PhantomModality.MrT2);
        var file = SyntheticSeriesWriter.Write(v, [2], Study)[0].Dataset;
        Assert.Equal(12, file.GetSingleValue<ushort>(DicomTag.BitsStored));
        var stored = file.GetValues<ushort>(DicomTag.PixelData);
        Assert.True(stored.Max() <= 4095);
        for (var i = 0; i < stored.Length; i++)
            Assert.Equal(Math.Min(v.Slice(2)[i], 1.365f), stored[i] / SyntheticSeriesWriter.MrStoredUnit, 0.0003);
    }

    [Fact]
    public void Write_SaysWhatItIs_AndNothingOfAPerson()
    {
        var file = SyntheticSeriesWriter.Write(Of(PhantomModality.Ct), [0], Study)[0];
        var d = file.Dataset;
        Assert.Equal("YES", d.GetString(DicomTag.SyntheticData));
        Assert.Equal("YES", d.GetString(DicomTag.PatientIdentityRemoved));
        Assert.Equal("NO", d.GetString(DicomTag.BurnedInAnnotation));
        Assert.Equal(["DERIVED", "SECONDARY", "AXIAL"], d.GetValues<string>(DicomTag.ImageType));
        Assert.Equal("SYN-000017", d.GetString(DicomTag.PatientID));
        Assert.Equal("", d.GetSingleValueOrDefault(DicomTag.PatientBirthDate, ""));
        var equipment = d.GetSequence(DicomTag.ContributingEquipmentSequence).Items[0];
        Assert.Equal("109100", equipment.GetSequence(DicomTag.PurposeOfReferenceCodeSequence).Items[0].GetString(DicomTag.CodeValue));
        Assert.Equal("2026.11.22-a1b2c3", equipment.GetString(DicomTag.SoftwareVersions));
        Assert.False(d.Contains(DicomTag.SourceImageSequence));
        Assert.StartsWith("2.25.", d.GetString(DicomTag.SOPInstanceUID));
        Assert.Equal("MEDGAN", file.FileMetaInfo.SourceApplicationEntityTitle);
    }

    [Fact]
    public void Write_ReadByPydicom_HasTheSamePixels()
    {
        Assert.SkipUnless(SystemPrograms.HasPydicom, "python3-pydicom is not installed: ./medgan setup --tests");
        using var folder = new TemporaryFolder();
        var v = Of(PhantomModality.Ct);
        var path = Save(v, [2], folder)[0];
        var (exit, output) = SystemPrograms.Run(SystemPrograms.Python, ["-c",
            "import pydicom,json,sys; d=pydicom.dcmread(sys.argv[1]); print(json.dumps((d.pixel_array*float(d.RescaleSlope)+float(d.RescaleIntercept)).ravel().tolist()))", path]);
        Assert.Equal(0, exit);
        var pixels = JsonSerializer.Deserialize<double[]>(output)!;
        Assert.Equal(v.Slice(2).ToArray().Select(h => Math.Round((double)h)), pixels);
    }

    [Fact]
    public void Uid_SamePartsSameUid_OtherPartsAnother()
    {
        Assert.Equal(SyntheticUid.Create("series", "a", "b"), SyntheticUid.Create("series", "a", "b"));
        Assert.NotEqual(SyntheticUid.Create("series", "a", "b"), SyntheticUid.Create("series", "ab"));
        Assert.NotEqual(SyntheticUid.Create("series", "a"), SyntheticUid.Create("study", "a"));
        Assert.Matches(@"^2\.25\.[1-9][0-9]{30,38}$", SyntheticUid.Create("series", "a"));
    }

    private static List<string> Save(Volume v, int[] slices, TemporaryFolder folder)
    {
        var paths = new List<string>();
        foreach (var file in SyntheticSeriesWriter.Write(v, slices, Study))
        {
            paths.Add(folder.File($"{paths.Count}.dcm"));
            file.Save(paths[^1]);
        }
        return paths;
    }
}
