using FellowOakDicom;
using MedGan.Dicom.Files.Nifti;
using MedGan.Dicom.Volumes;
using MedGan.Jobs.Images.Folders;
using MedGan.Phantoms;
using MedGan.Phantoms.Series;
using MedGan.Testing;

namespace MedGan.Jobs.Tests.Images.Folders;

/// <summary>Folders of CT and MR volumes, and what is written back from them.</summary>
public sealed class VolumeFolderTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static readonly PhantomPatient Patient = PhantomPatient.Create(5);
    private static readonly PhantomGrid Grid = new(64, 6, 3.7, 20);
    private static readonly ImageFolderOptions Options = new() { Size = 64 };
    private static readonly GeneratedSet Set = new("set-1", "Test model", "1", new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));

    [Fact]
    public void Read_TheSameVolumeAsNiftiAndAsDicom_GivesTheSameImages()
    {
        using var folder = new TemporaryFolder();
        PhantomSeries.Write(Patient, PhantomModality.Ct, folder.File("dicom/head"), Grid);
        var volume = VolumeReader.Read([.. Directory.GetFiles(folder.File("dicom/head")).Select(p => DicomFile.Open(p))]).Volume;
        Write(folder.File("nifti/head1_ct.nii.gz"), volume);
        var dicom = ImageFolder.Read(folder.File("dicom"), Options, Cancel);
        var nifti = ImageFolder.Read(folder.File("nifti"), Options, Cancel);
        Assert.True(dicom.Images.Count >= 4);
        Assert.Equal(dicom.Images.Select(i => i.Slice), nifti.Images.Select(i => i.Slice));
        Assert.Equal($"head/{dicom.Images[0].Slice:0000}", dicom.Images[0].Name);
        Assert.Equal(PhantomIdentity.Of(Patient, PhantomModality.Ct).PatientId, dicom.Images[0].Patient);
        Assert.Equal("head1", nifti.Images[0].Patient);
        Assert.All(dicom.Images.Concat(nifti.Images), i => Assert.Equal(Modality.CT, i.Modality));
        foreach (var (a, b) in dicom.Images.Zip(nifti.Images))
        {
            Assert.Equal(a.Inside!, b.Inside!);
            Assert.Equal(0, a.Pixels.Zip(b.Pixels, (x, y) => Math.Abs(x - y)).Max(), 1e-3);
        }
    }

    [Fact]
    public void PairedFolders_CtAndMrOnTheSameVoxels_ShareFieldOfViewAndSlices()
    {
        using var folder = new TemporaryFolder();
        Write(folder.File("ct/p1.nii.gz"), Phantom.Render(Patient, PhantomModality.Ct, Grid));
        Write(folder.File("mr/p1.nii.gz"), Phantom.Render(Patient, PhantomModality.MrT1, Grid));
        var pairs = PairedFolders.Read(folder.File("ct"), folder.File("mr"), Options, Options, Cancel);
        Assert.Empty(pairs.WithoutPair);
        Assert.All(pairs.Pairs, p => Assert.Equal((Modality.CT, Modality.MR), (p.A.Modality!.Value, p.B.Modality!.Value)));
        var (a, b) = ((VolumePlacement)pairs.Pairs[0].A.Placement, (VolumePlacement)pairs.Pairs[0].B.Placement);
        Assert.Same(a.Grid, b.Grid);

        var moved = Phantom.Render(Patient, PhantomModality.MrT1, Grid);
        var elsewhere = moved.Geometry with { OriginMm = moved.Geometry.OriginMm + new Vector3d(9, 0, 0) };
        Write(folder.File("mr/p1.nii.gz"), new Volume(Modality.MR, elsewhere, moved.Voxels));
        var error = Assert.Throws<ImageFolderException>(() => PairedFolders.Read(folder.File("ct"), folder.File("mr"), Options, Options, Cancel));
        Assert.Contains("do not lie where those of its pair do", error.Message);
    }

    [Theory]
    [InlineData(ImageFormat.Nifti, PhantomModality.Ct)]
    [InlineData(ImageFormat.Nifti, PhantomModality.MrT1)]
    [InlineData(ImageFormat.Dicom, PhantomModality.Ct)]
    [InlineData(ImageFormat.Dicom, PhantomModality.MrT1)]
    public void Write_ImagesOfAVolume_AreReadBackAsItsPairs(ImageFormat format, PhantomModality modality)
    {
        using var folder = new TemporaryFolder();
        Write(folder.File("real/p1.nii.gz"), Phantom.Render(Patient, modality, Grid));
        var source = ImageFolder.Read(folder.File("real"), Options, Cancel);
        var generated = source.Images.Select(i => new GeneratedImage(i.Name, i.Pixels, 64, i.Modality, i)).ToList();
        var written = new ImageFolderWriter(folder.File("out"), format, Set).Write(generated, Cancel);
        Assert.Equal(format == ImageFormat.Nifti ? ["p1.nii.gz"] : Enumerable.Range(1, 6).Select(k => $"p1/000{k}.dcm"), written);
        var pairs = PairedFolders.Read(folder.File("real"), folder.File("out"), Options, Options, Cancel);
        Assert.Equal((source.Images.Count, 0), (pairs.Pairs.Count, pairs.WithoutPair.Count));
        // Two resamplings soften edges; nothing moves and nothing changes its scale.
        foreach (var (a, b) in pairs.Pairs)
            Assert.True(MeanDifference(a.Pixels, b.Pixels) < 0.03, $"{a.Name}: {MeanDifference(a.Pixels, b.Pixels)}");
    }

    [Fact]
    public void Write_Dicom_IsLabelledSyntheticAndHoldsNothingOfTheSource()
    {
        using var folder = new TemporaryFolder();
        PhantomSeries.Write(Patient, PhantomModality.Ct, folder.File("real/head"), Grid);
        var original = DicomFile.Open(Directory.GetFiles(folder.File("real/head"))[0]).Dataset;
        var source = ImageFolder.Read(folder.File("real"), Options, Cancel);
        new ImageFolderWriter(folder.File("out"), ImageFormat.Dicom, Set).Write([.. source.Images.Select(i => new GeneratedImage(i.Name, i.Pixels, 64, Modality.MR, i))], Cancel);
        var files = Directory.GetFiles(folder.File("out/head")).Select(p => DicomFile.Open(p).Dataset).ToList();
        Assert.Equal(6, files.Count);
        Assert.All(files, d =>
        {
            Assert.Equal(DicomUID.MRImageStorage.UID, d.GetString(DicomTag.SOPClassUID));
            Assert.Equal("YES", d.GetString(DicomTag.SyntheticData));
            Assert.Contains("not judged", d.GetString(DicomTag.DeidentificationMethod));
            foreach (var tag in new[] { DicomTag.PatientID, DicomTag.PatientName, DicomTag.StudyInstanceUID, DicomTag.SeriesInstanceUID, DicomTag.FrameOfReferenceUID })
                Assert.NotEqual(original.GetString(tag), d.GetString(tag));
        });
    }

    [Theory]
    [InlineData(ImageFormat.Png, null)]
    [InlineData(ImageFormat.Dicom, null)]
    [InlineData(ImageFormat.Nifti, null)]
    [InlineData(ImageFormat.Dicom, Modality.CT)]
    [InlineData(ImageFormat.Dicom, Modality.MR)]
    [InlineData(ImageFormat.Nifti, Modality.CT)]
    [InlineData(ImageFormat.Nifti, Modality.MR)]
    public void Write_ImagesMadeFromNoise_AreReadBackWithTheirClass(ImageFormat format, Modality? modality)
    {
        using var folder = new TemporaryFolder();
        float[] Waves(int n) => [.. Enumerable.Range(0, 256).Select(i => MathF.Sin((i % 16 + n) / 3f) * MathF.Cos(i / 16 / 4f))];
        var images = Enumerable.Range(0, 3).Select(n => new GeneratedImage($"rare/image{n}", Waves(n), 16, modality)).ToList();
        new ImageFolderWriter(folder.Path, format, Set).Write(images, Cancel);
        var read = ImageFolder.Read(folder.Path, new() { Size = 16 }, Cancel);
        Assert.Equal(images.Select(i => i.Name), read.Images.Select(i => i.Name));
        Assert.Equal(["rare"], read.Classes);
        Assert.Equal(3, read.Patients.Count);
        foreach (var (a, b) in images.Zip(read.Images)) Assert.Equal(0, a.Pixels.Zip(b.Pixels, (x, y) => Math.Abs(x - y)).Max(), modality is null ? 4e-5 : 1e-3);
        Assert.All(read.Images, image => Assert.Equal(modality, image.Modality));
    }

    [Fact]
    public void Write_PictureFourTimesAsLarge_HasFourTimesTheSourcesPixels()
    {
        using var folder = new TemporaryFolder();
        folder.Png16("low/a1_1.png", 16, 12, (y, x) => (ushort)(y * 4000 + x * 300));
        var low = ImageFolder.Read(folder.File("low"), new() { Size = 16 }, Cancel).Images[0];
        new ImageFolderWriter(folder.File("high"), ImageFormat.Png, Set).Write([new GeneratedImage(low.Name, new float[64 * 64], 64, null, low)], Cancel);
        var high = ImageFolder.Read(folder.File("high"), new() { Size = 64 }, Cancel).Images[0];
        Assert.Equal(new PicturePlacement(64, 48), high.Placement);
        Assert.Equal(low.Name, high.Name);
        Assert.Equal(48, high.Pixels.Chunk(64).Count(row => Math.Abs(row[32]) < 1e-4)); // 0 within, black above and below
    }

    [Fact]
    public void Write_NameThatLeadsOutOfTheFolder_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var writer = new ImageFolderWriter(folder.File("out"), ImageFormat.Png, Set);
        Assert.Throws<ArgumentException>(() => writer.Write([new GeneratedImage("../escaped", new float[256], 16, null)], Cancel));
        Assert.False(File.Exists(folder.File("escaped.png")));
    }

    [Theory]
    [InlineData("CT_GE_HiSpeed_head", Modality.CT)]
    [InlineData("MR_T1w_axial", Modality.MR)]
    public void Read_RealSeries_GivesItsHead(string series, Modality modality)
    {
        Assert.SkipUnless(SharedData.Exists, SharedData.WhyAbsent);
        var read = ImageFolder.Read(SharedData.Path("dicom_series", series), new() { Size = 96 }, Cancel);
        Assert.True(read.Images.Count > 20, $"{read.Images.Count} images");
        Assert.All(read.Images, i => Assert.Equal((modality, series), (i.Modality!.Value, i.Class)));
        Assert.Single(read.Patients);
        Assert.All(read.LeftOut, f => Assert.NotEmpty(f.Reason));
        Assert.Equal(modality == Modality.CT, read.Notes.Any(note => note.Contains("Gantry tilt")));
    }

    private static double MeanDifference(float[] a, float[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Average();

    private static void Write(string path, Volume v)
    {
        using var stream = File.Create(path);
        NiftiWriter.Write(stream, v.Geometry, v.Voxels, v.Modality == Modality.CT ? 1 : null, "phantom", "", zipped: true);
    }
}
