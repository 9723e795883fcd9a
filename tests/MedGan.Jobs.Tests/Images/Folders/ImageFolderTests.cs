using MedGan.Jobs.Images.Folders;
using MedGan.Testing;

namespace MedGan.Jobs.Tests.Images.Folders;

/// <summary>Folders of pictures.</summary>
public sealed class ImageFolderTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static readonly ImageFolderOptions Options = new() { Size = 16 };

    [Fact]
    public void Read_PicturesInSubFolders_HaveClassPatientSliceAndNaturalOrder()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "rare/case2_slice10.png", "rare/case2_slice9.png", "rare/case10_slice1.png", "common/a7.png" }) folder.Png8(name, 16, 16, 51);
        var read = ImageFolder.Read(folder.Path, Options, Cancel);
        Assert.Equal(["common/a7", "rare/case2_slice9", "rare/case2_slice10", "rare/case10_slice1"], read.Images.Select(i => i.Name));
        Assert.Equal(["a7", "case2", "case2", "case10"], read.Images.Select(i => i.Patient));
        Assert.Equal([7, 9, 10, 1], read.Images.Select(i => i.Slice));
        Assert.Equal(["common", "rare"], read.Classes);
        Assert.Equal(["a7", "case2", "case10"], read.Patients);
        Assert.Empty(read.LeftOut);
        Assert.All(read.Images, i => Assert.All(i.Pixels, p => Assert.Equal(2 * 51 / 255.0 - 1, p, 1e-6)));
        var flat = ImageFolder.Read(Path.Combine(folder.Path, "rare"), Options, Cancel);
        Assert.Equal(["rare"], flat.Classes);
    }

    [Fact]
    public void Stack_Neighbours_AreTheSeriesSlicesWithItsEndsRepeated()
    {
        using var folder = new TemporaryFolder();
        for (var slice = 9; slice <= 12; slice++) folder.Png8($"case1_{slice}.png", 16, 16, (byte)slice);
        folder.Png8("case2_11.png", 16, 16, 200);
        var read = ImageFolder.Read(folder.Path, Options, Cancel);
        int[] Values(int index, int radius) => [.. read.Stack(read.Images[index], radius).Chunk(256).Select(c => (int)MathF.Round((c[77] + 1) / 2 * 255))];
        Assert.Equal([9, 9, 9, 10, 11], Values(0, 2));
        Assert.Equal([10, 11, 12], Values(2, 1));
        Assert.Equal([11, 12, 12], Values(3, 1));
        Assert.Equal([200, 200, 200], Values(4, 1));
    }

    [Fact]
    public void Read_ATallPicture_KeepsItsAspectBetweenBlackMargins()
    {
        using var folder = new TemporaryFolder();
        folder.Png8("tall.png", 20, 40, 255);
        var image = Assert.Single(ImageFolder.Read(folder.Path, Options, Cancel).Images);
        for (var i = 0; i < 256; i++) Assert.Equal(i % 16 is >= 4 and < 12 ? 1 : -1, image.Pixels[i], 1e-5);
    }

    [Fact]
    public void Read_16BitPicturesThatDoNotSayTheirBits_ShareOneWhite()
    {
        using var folder = new TemporaryFolder();
        folder.Png16("a1.png", 16, 16, 4000);
        folder.Png16("a2.png", 16, 16, 1000);
        foreach (var path in Directory.GetFiles(folder.Path)) File.WriteAllBytes(path, WithoutSignificantBits(File.ReadAllBytes(path)));
        folder.Png16("b1.png", 16, 16, 65535 / 5);
        var read = ImageFolder.Read(folder.Path, Options, Cancel);
        Assert.Equal(4095, read.White16);
        Assert.Equal([2 * 4000 / 4095.0 - 1, 2 * 1000 / 4095.0 - 1, 2 / 5.0 - 1], read.Images.Select(i => (double)i.Pixels[0]), new Near());
        var trained = ImageFolder.Read(folder.Path, Options with { White16 = 16383 }, Cancel);
        Assert.Equal(2 * 4000 / 16383.0 - 1, trained.Images[0].Pixels[0], 1e-6);
    }

    [Fact]
    public void Read_FilesThatGiveNoImage_AreToldWithTheReason()
    {
        using var folder = new TemporaryFolder();
        folder.Png8("a1.png", 16, 16, 1);
        File.WriteAllBytes(folder.File("b/cut.png"), File.ReadAllBytes(folder.File("a1.png"))[..40]);
        File.WriteAllText(folder.File("notes.txt"), "text");
        File.WriteAllText(folder.File("fake.nii.gz"), "no volume");
        File.WriteAllText(folder.File("fake.dcm"), "no image");
        File.WriteAllText(folder.File("empty.jpg"), "");
        File.Copy(folder.File("a1.png"), folder.File("a1.jpg")); // what a file holds counts, not what it is called - and its name is taken
        File.WriteAllText(folder.File(".hidden"), "");
        var read = ImageFolder.Read(folder.Path, Options, Cancel);
        Assert.Equal("a1", Assert.Single(read.Images).Name);
        var reasons = read.LeftOut.ToDictionary(f => f.Path, f => f.Reason);
        Assert.Equal(["a1.png", "b/cut.png", "empty.jpg", "fake.dcm", "fake.nii.gz", "notes.txt"], reasons.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("too early", reasons["b/cut.png"]);
        Assert.Contains("no image that is read", reasons["notes.txt"]);
        Assert.Contains("not a JPEG file", reasons["empty.jpg"]);
        Assert.Contains("Another file", reasons["a1.png"]);
    }

    [Fact]
    public void Read_ATableOfPatients_IsFollowedAndItsGapsAreTold()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "x/1.png", "x/2.png", "x/3.png" }) folder.Png8(name, 16, 16, 1);
        File.WriteAllText(folder.File("patients.csv"), "file,patient\nx/1.png,P\nx/2.png,P\nx/9.png,Q\n");
        var read = ImageFolder.Read(folder.Path, Options, Cancel);
        Assert.Equal(["P", "P"], read.Images.Select(i => i.Patient));
        Assert.Equal("x/3.png", Assert.Single(read.LeftOut).Path);
        Assert.Contains(read.Notes, note => note.Contains("x/9"));
    }

    [Fact]
    public void Read_NothingToRead_IsRefusedWithTheReasons()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("is empty", Assert.Throws<ImageFolderException>(() => ImageFolder.Read(folder.Path, Options, Cancel)).Message);
        File.WriteAllText(folder.File("notes.txt"), "text");
        Assert.Contains("notes.txt: It is no image", Assert.Throws<ImageFolderException>(() => ImageFolder.Read(folder.Path, Options, Cancel)).Message);
        Assert.Contains("no folder", Assert.Throws<ImageFolderException>(() => ImageFolder.Read(folder.File("nowhere"), Options, Cancel)).Message);
    }

    [Fact]
    public void Read_RealRareClasses_GiveEveryImageItsClass()
    {
        Assert.SkipUnless(SharedData.Exists, SharedData.WhyAbsent);
        var read = ImageFolder.Read(SharedData.Path("rareclass"), new() { Size = 64 }, Cancel);
        Assert.Empty(read.LeftOut);
        Assert.Equal(["glioma_tumor 150", "meningioma_tumor 150", "no_tumor 150", "pituitary_tumor 20"], read.Images.GroupBy(i => i.Class).Select(g => $"{g.Key} {g.Count()}").Order(StringComparer.Ordinal));
        Assert.Contains(read.Notes, note => note.Contains("patient of its own"));
        Assert.All(read.Images, i => Assert.True(i.Pixels.Max() - i.Pixels.Min() > 0.5));
    }

    [Fact]
    public void Read_RealPairs_AreSevenPatientsAndAllPaired()
    {
        Assert.SkipUnless(SharedData.Exists, SharedData.WhyAbsent);
        var pairs = PairedFolders.Read(SharedData.Path("ctmr_paired", "CT"), SharedData.Path("ctmr_paired", "MRI"), new() { Size = 128 }, new() { Size = 128 }, Cancel);
        Assert.Equal((129, 0, 7), (pairs.Pairs.Count, pairs.WithoutPair.Count, pairs.A.Patients.Count));
        Assert.All(pairs.Pairs, pair => Assert.Equal((pair.A.Name, pair.A.Patient, pair.A.Slice), (pair.B.Name, pair.B.Patient, pair.B.Slice)));
        Assert.Equal(pairs.A.Patients, pairs.B.Patients);
    }

    [Fact]
    public void PairedFolders_NoNameInCommon_IsRefusedWithAnExample()
    {
        using var folder = new TemporaryFolder();
        folder.Png8("a/1.png", 16, 16, 1);
        folder.Png8("b/2.png", 16, 16, 1);
        var error = Assert.Throws<ImageFolderException>(() => PairedFolders.Read(Path.Combine(folder.Path, "a"), Path.Combine(folder.Path, "b"), Options, Options, Cancel));
        Assert.Contains("no name in common: 1 is in the first, 2 in the second", error.Message);
    }

    private static byte[] WithoutSignificantBits(byte[] png)
    {
        var at = png.AsSpan().IndexOf("sBIT"u8) - 4;
        return [.. png[..at], .. png[(at + 13)..]];
    }

    private sealed class Near : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) < 1e-6;

        public int GetHashCode(double obj) => 0;
    }
}
