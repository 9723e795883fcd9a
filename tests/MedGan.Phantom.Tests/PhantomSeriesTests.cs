using FellowOakDicom;
using MedGan.Dicom.Volumes;
using MedGan.Phantoms.Series;
using MedGan.Testing;
using Xunit;

namespace MedGan.Phantoms.Tests;

public sealed class PhantomSeriesTests : IDisposable
{
    private static readonly PhantomGrid Small = new(32, 4, 7.6, 30);
    private readonly string _folder = Directory.CreateTempSubdirectory("medgan-phantom-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Write_SameSeedTwice_GivesTheSameBytes()
    {
        foreach (var modality in Enum.GetValues<PhantomModality>())
        {
            var first = PhantomSeries.Write(PhantomPatient.Create(6), modality, Path.Combine(_folder, "a" + modality), Small);
            var second = PhantomSeries.Write(PhantomPatient.Create(6), modality, Path.Combine(_folder, "b" + modality), Small);
            Assert.Equal(4, first.Count);
            foreach (var (a, b) in first.Zip(second))
                Assert.Equal(File.ReadAllBytes(a), File.ReadAllBytes(b));
        }
    }

    [Theory]
    [InlineData(PhantomModality.Ct, 2)]
    [InlineData(PhantomModality.Ct, 3)]
    [InlineData(PhantomModality.MrT1, 2)]
    [InlineData(PhantomModality.MrT2, 3)]
    public async Task Write_EveryFile_PassesDciodvfyWithoutError(PhantomModality modality, int seed)
    {
        Assert.SkipUnless(BuiltProgram.OnPath("dciodvfy"), "dicom3tools is not installed: ./medgan setup --tests");
        foreach (var path in PhantomSeries.Write(PhantomPatient.Create(seed), modality, _folder, Small))
        {
            var (_, output, error) = await BuiltProgram.RunAsync("dciodvfy", [path], TestContext.Current.CancellationToken);
            Assert.DoesNotContain("Error", output + error);
            Assert.Contains(modality == PhantomModality.Ct ? "CTImage" : "MRImage", output + error);
        }
    }

    [Fact]
    public void Create_Header_IsAsFullOfIdentityAsARealOne()
    {
        var patient = PhantomPatient.Create(7);
        var who = PhantomIdentity.Of(patient, PhantomModality.Ct);
        var d = PhantomSeries.Create(patient, PhantomModality.Ct, Small)[1].Dataset;
        DicomTag[] identifying =
        [
            DicomTag.PatientName, DicomTag.PatientID, DicomTag.PatientBirthDate, DicomTag.PatientAddress, DicomTag.PatientTelephoneNumbers,
            DicomTag.OtherPatientNames, DicomTag.PatientComments, DicomTag.ReferringPhysicianName, DicomTag.PerformingPhysicianName,
            DicomTag.OperatorsName, DicomTag.InstitutionName, DicomTag.InstitutionAddress, DicomTag.AccessionNumber, DicomTag.StudyDate,
            DicomTag.StudyTime, DicomTag.AcquisitionDate, DicomTag.StudyDescription, DicomTag.DeviceSerialNumber, DicomTag.StationName,
        ];
        Assert.All(identifying, tag => Assert.NotEmpty(d.GetString(tag)));
        Assert.StartsWith("PHANTOM^", who.PatientName);
        Assert.Contains(d, item => item.Tag.IsPrivate && item is DicomElement e && e.Get<string>(0).Contains(who.PatientName));
        Assert.Contains(who.Operator, d.GetSequence(DicomTag.RequestAttributesSequence).Items[0].GetSequence(DicomTag.ScheduledProtocolCodeSequence).Items[0].GetString(DicomTag.CodeMeaning));
        Assert.Equal(who.PatientId + "-OLD", d.GetSequence(DicomTag.OtherPatientIDsSequence).Items[0].GetString(DicomTag.PatientID));
    }

    [Fact]
    public void Create_DifferentSeeds_StoreValuesDifferently()
    {
        var a = PhantomSeries.Create(PhantomPatient.Create(2), PhantomModality.Ct, Small)[0].Dataset;
        var b = PhantomSeries.Create(PhantomPatient.Create(3), PhantomModality.Ct, Small)[0].Dataset;
        Assert.Equal((12, -1024.0), (a.GetSingleValue<ushort>(DicomTag.BitsStored), a.GetSingleValue<double>(DicomTag.RescaleIntercept)));
        Assert.Equal((16, 0.0), (b.GetSingleValue<ushort>(DicomTag.BitsStored), b.GetSingleValue<double>(DicomTag.RescaleIntercept)));
        var units = Enumerable.Range(0, 6).Select(s => VolumeReader.Read(PhantomSeries.Create(PhantomPatient.Create(s), PhantomModality.MrT1, Small)).Volume.MrUnit).ToArray();
        Assert.True(units.Max() > 1.3 * units.Min());
    }

    [Fact]
    public void Cohorts_WithTruth_HoldTheSameHeadInTheOtherModality()
    {
        new PhantomCohorts(1, 1, Seed: 4).Write(_folder, truth: true);
        Assert.Equal(24, Directory.GetFiles(Path.Combine(_folder, "ct", "PHT-004000"), "*.dcm").Length);
        var series = Directory.GetFiles(Path.Combine(_folder, "mr", "PHT-004500"), "*.dcm").Select(f => DicomFile.Open(f)).ToArray();
        var mr = VolumeReader.Read(series).Volume;
        using var stream = File.OpenRead(Path.Combine(_folder, "truth", "PHT-004500", "CT.volume"));
        var truth = VolumeFile.Read(stream);
        Assert.Equal(mr.Geometry, truth.Geometry);
        Assert.Equal(Modality.CT, truth.Modality);
        Assert.True(File.Exists(Path.Combine(_folder, "truth", "PHT-004000", "MR-noisy.volume")));
        // Where the truth is air the MR has no signal, and bone is dark: the two are one head.
        double Mean(Func<float, bool> where) => Enumerable.Range(0, mr.Voxels.Length).Where(i => where(truth.Voxels[i])).Average(i => mr.Voxels[i]);
        Assert.True(Mean(v => v is > 25 and < 45) > 4 * Mean(v => v == -1000));
        Assert.True(Mean(v => v is > 25 and < 45) > 1.8 * Mean(v => v > 1000));
    }

    [Theory]
    [InlineData(2, "--ct", "2")]
    [InlineData(2, "--out", "x", "--ct", "-1")]
    [InlineData(2, "--out", "x", "--ct", "1", "--wat")]
    [InlineData(0, "--help")]
    public async Task CommandLine_WrongUse_SaysHow(int code, params string[] arguments)
    {
        var (exit, output, error) = await BuiltProgram.RunAsync("dotnet", [BuiltProgram.Dll("demo/MedGan.Phantom"), .. arguments], TestContext.Current.CancellationToken);
        Assert.Equal(code, exit);
        Assert.Contains("Use: MedGan.Phantom --out DIR", output + error);
    }
}
