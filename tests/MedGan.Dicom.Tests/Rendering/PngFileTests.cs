using System.Text.Json;
using MedGan.Dicom.Rendering;
using MedGan.Dicom.Tests.Reference;
using Xunit;

namespace MedGan.Dicom.Tests.Rendering;

/// <summary>Our PNG files as Python's zlib reads them.</summary>
public sealed class PngFileTests
{
    private sealed record Decoded(int Width, int Height, int[] Pixels);

    [Fact]
    public void Gray8_DecodedByPython_IsTheSame()
    {
        byte[] pixels = [.. Enumerable.Range(0, 37 * 23).Select(i => (byte)(i * i / 7 + i % 5))];
        AssertSame(37, 23, pixels.Select(p => (int)p), s => PngFile.Gray8(s, 37, 23, pixels));
    }

    [Fact]
    public void Gray16_DecodedByPython_IsTheSame()
    {
        ushort[] pixels = [.. Enumerable.Range(0, 19 * 31).Select(i => (ushort)(i * 113))];
        AssertSame(19, 31, pixels.Select(p => (int)p), s => PngFile.Gray16(s, 19, 31, pixels));
    }

    [Fact]
    public void Rgb_DecodedByPython_IsTheSame()
    {
        byte[] pixels = [.. Enumerable.Range(0, 3 * 16 * 9).Select(i => (byte)(i % 3 * 80 + i / 11))];
        AssertSame(16, 9, pixels.Select(p => (int)p), s => PngFile.Rgb(s, 16, 9, pixels));
    }

    [Fact]
    public void Gray8_WrongLength_IsRefused() => Assert.Throws<ArgumentException>(() => PngFile.Gray8(Stream.Null, 4, 4, new byte[15]));

    private static void AssertSame(int width, int height, IEnumerable<int> expected, Action<Stream> write)
    {
        Assert.SkipUnless(File.Exists(SystemPrograms.Python), "python3 is not installed");
        using var folder = new TemporaryFolder();
        var path = folder.File("image.png");
        using (var stream = File.Create(path))
            write(stream);
        var (exit, output) = SystemPrograms.Run(SystemPrograms.Python, [SystemPrograms.Script("python_png.py"), path]);
        Assert.Equal(0, exit);
        var decoded = JsonSerializer.Deserialize<Decoded>(output, JsonSerializerOptions.Web)!;
        Assert.Equal((width, height), (decoded.Width, decoded.Height));
        Assert.Equal(expected, decoded.Pixels);
    }
}
