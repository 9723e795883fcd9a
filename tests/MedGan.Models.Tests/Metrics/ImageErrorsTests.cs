using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MedGan.Models.Metrics;

namespace MedGan.Models.Tests.Metrics;

public class ImageErrorsTests
{
    private const int Width = 20, Height = 16;

    // x[j,i] = 100 sin(0.7 i) + 3 j; y = x + (7 i + 11 j) mod 13 - 6; mask: rows 4..11, columns 5..14
    private static readonly float[] X = [.. Pixels((i, j) => (float)(100 * Math.Sin(0.7 * i) + 3 * j))];
    private static readonly float[] Y = [.. Pixels((i, j) => X[j * Width + i] + (7 * i + 11 * j) % 13 - 6)];
    private static readonly bool[] Mask = [.. Pixels((i, j) => j is >= 4 and < 12 && i is >= 5 and < 15)];

    [Fact]
    public void Ssim_KnownImages_EqualsSkimage()
    {
        // skimage 0.19.3: structural_similarity(x, y, win_size=7, data_range=R, full=True)[1][mask].mean(), in float64
        Assert.Equal(0.9994174078978704, ImageErrors.Ssim(X, Y, Mask, Width, range: 4095), 1e-6);
        Assert.Equal(0.9983675358550954, ImageErrors.Ssim(X, Y, Mask, Width, range: 300), 1e-6);
    }

    [Fact]
    public void Ssim_WholeImage_CountsOnlyWindowsInside()
    {
        // the same with [3:-3, 3:-3] for a mask
        Assert.Equal(0.9982615919030483, ImageErrors.Ssim(X, Y, [.. X.Select(_ => true)], Width, range: 300), 1e-6);
    }

    [Fact]
    public void MaeAndPsnr_KnownImages_EqualNumpy()
    {
        Assert.Equal(3.275, ImageErrors.Mae(X, Y, Mask), 1e-5);
        Assert.Equal(38.042540492825786, ImageErrors.Psnr(X, Y, Mask, range: 300), 1e-5);
    }

    [Fact]
    public void Mae_ErrorOutsideTheMask_DoesNotCount()
    {
        var altered = X.ToArray();
        altered[0] += 1000;
        Assert.Equal(0, ImageErrors.Mae(X, altered, Mask));
        Assert.Equal(double.PositiveInfinity, ImageErrors.Psnr(X, altered, Mask, range: 300));
    }

    [Fact]
    public void EmptyMask_IsNotANumber() => Assert.True(double.IsNaN(ImageErrors.Mae(X, Y, new bool[X.Length])));

    [Fact]
    public void ImagesOfDifferentSize_AreRefused() => Assert.Throws<ArgumentException>(() => ImageErrors.Mae(X, Y.AsSpan(1), Mask));

    [Fact]
    public void Ssim_RandomImages_EqualsInstalledSkimage()
    {
        const string script = """
            import sys, numpy
            from skimage.metrics import structural_similarity
            x, y = numpy.frombuffer(sys.stdin.buffer.read(), '<f4').astype(float).reshape(2, 31, 45)
            print(repr(float(structural_similarity(x, y, win_size=7, data_range=2.0, full=True)[1][3:-3, 3:-3].mean())))
            """;
        Assert.SkipUnless(Python(["-c", "import skimage"], []) is not null, "/usr/bin/python3 has no skimage.");
        var random = new Models.Training.SeededRandom(5);
        var x = Enumerable.Range(0, 31 * 45).Select(_ => (float)random.Uniform(-1, 1)).ToArray();
        var y = x.Select(value => value + (float)random.Uniform(-0.3, 0.3)).ToArray();
        var theirs = Python(["-c", script], [.. MemoryMarshal.AsBytes<float>(x), .. MemoryMarshal.AsBytes<float>(y)]);
        Assert.NotNull(theirs);
        Assert.Equal(double.Parse(theirs, CultureInfo.InvariantCulture), ImageErrors.Ssim(x, y, [.. x.Select(_ => true)], 45, range: 2), 1e-6);
    }

    private static IEnumerable<T> Pixels<T>(Func<int, int, T> value) => from j in Enumerable.Range(0, Height) from i in Enumerable.Range(0, Width) select value(i, j);

    // its standard output, or null where it is absent or fails
    private static string? Python(string[] arguments, byte[] input)
    {
        const string interpreter = "/usr/bin/python3";
        if (!File.Exists(interpreter)) return null;
        using var process = Process.Start(new ProcessStartInfo(interpreter, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.StandardInput.BaseStream.Write(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : null;
    }
}
