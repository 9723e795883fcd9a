using System.Buffers.Binary;
using MedGan.Dicom.Files;
using MedGan.Dicom.Files.Jpeg;
using MedGan.Dicom.Tests.Reference;
using MedGan.Testing;
using Xunit;

namespace MedGan.Dicom.Tests.Files;

/// <summary>JPEG files against libjpeg-turbo's decoder, and damaged ones.</summary>
public sealed class JpegReaderTests
{
    [Fact]
    public void Read_BaselineAndProgressiveGreyAndColour_AgreesWithLibjpeg()
    {
        using var folder = Variants();
        AssertAgrees([.. Directory.GetFiles(folder.Path).Where(path => !path.EndsWith("cmyk.jpg", StringComparison.Ordinal))], 18);
    }

    [Fact]
    public void Read_RealImages_AgreesWithLibjpeg()
    {
        Assert.SkipUnless(SharedData.Exists, SharedData.WhyAbsent);
        Assert.SkipUnless(SystemPrograms.HasPil, "python3-pil is not installed: ./medgan setup --tests");
        AssertAgrees([.. new[] { "rareclass", "ctmr_unpaired", "memorization_pairs" }
            .SelectMany(f => Directory.GetFiles(SharedData.Path(f), "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Where((_, i) => i % 15 == 0))], 40);
    }

    [Fact]
    public void Read_Cmyk_IsRefusedByName()
    {
        using var folder = Variants();
        var error = Assert.Throws<ImageFileException>(() => JpegReader.Read(File.ReadAllBytes(folder.File("cmyk.jpg"))));
        Assert.Contains("4 colour components", error.Message);
    }

    [Theory]
    [InlineData("gray_baseline_30.jpg")]
    [InlineData("color_progressive_420_30.jpg")]
    public void Read_CutOffAnywhere_IsRefused(string name)
    {
        using var folder = Variants();
        var file = File.ReadAllBytes(folder.File(name));
        for (var length = 0; length < file.Length; length += length < 700 ? 1 : 37)
            Assert.Throws<ImageFileException>(() => JpegReader.Read(file.AsSpan(0, length)));
    }

    [Theory]
    [InlineData("gray_baseline_30.jpg")]
    [InlineData("color_progressive_420_30.jpg")]
    public void Read_BytesChanged_IsReadOrRefusedWithoutAnyOtherFailure(string name)
    {
        using var folder = Variants();
        var file = File.ReadAllBytes(folder.File(name));
        var refused = 0;
        for (var i = 2; i < file.Length; i += i < 700 ? 1 : 11)
        {
            var changed = (byte[])file.Clone();
            changed[i] ^= (byte)(i % 255 + 1);
            try
            {
                Assert.Equal(1, Math.Sign(JpegReader.Read(changed).Values.Length));
            }
            catch (ImageFileException)
            {
                refused++;
            }
        }
        Assert.True(refused > 100);
    }

    [Fact]
    public void Read_HugeSizeOfASmallFile_IsRefusedBeforeAnythingIsAllocated()
    {
        using var folder = Variants();
        var file = File.ReadAllBytes(folder.File("one_pixel.jpg"));
        var frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 5), 8192);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 7), 8192);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("too short", Assert.Throws<ImageFileException>(() => JpegReader.Read(file)).Message);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    private static TemporaryFolder Variants()
    {
        Assert.SkipUnless(SystemPrograms.HasPil, "python3-pil and python3-numpy are not installed: ./medgan setup --tests");
        var folder = new TemporaryFolder();
        Assert.Equal(0, SystemPrograms.Run(SystemPrograms.Python, [SystemPrograms.Script("jpeg_variants.py"), folder.Path]).ExitCode);
        return folder;
    }

    // libjpeg's transform is in integers: it may round the other way.
    private static void AssertAgrees(string[] paths, int atLeast)
    {
        Assert.True(paths.Length >= atLeast, $"{paths.Length} files");
        foreach (var (path, expected) in paths.Zip(PilPicture.ReadAll(paths)))
        {
            var read = JpegReader.Read(File.ReadAllBytes(path));
            Assert.Equal((expected.Width, expected.Height), (read.Width, read.Height));
            var differences = read.Values.Zip(expected.Values(), (a, b) => Math.Abs(a - b)).ToList();
            Assert.True(differences.Max() <= 1, $"{Path.GetFileName(path)}: {differences.Max()}");
            Assert.True(differences.Average() < 0.05, $"{Path.GetFileName(path)}: {differences.Average()} on average");
        }
    }
}
