using System.Text.Json;
using MedGan.Models.Metrics;

namespace MedGan.Models.Tests.Metrics;

/// <summary>Paired metrics against scikit-image and NumPy (bench/peers/image_metrics.py).</summary>
public class PairedMetricsTests
{
    private const int Height = 117, Width = 131;

    [Theory]
    [InlineData("masked")]
    [InlineData("whole")]
    public void EveryMetric_FormulaImages_EqualsItsPeer(string region)
    {
        var (x, y) = Formula();
        Compare(Peer.Fixture("image-metrics").GetProperty(region), x, y, region == "masked" ? Disc(Height, Width) : [], Width, 4095, bone: 200);
    }

    [Fact]
    public void EveryMetric_RealImages_EqualsItsPeer()
    {
        var mr = Peer.RealImages(192, 3, "ctmr_paired", "MRI");
        var ct = Peer.RealImages(192, 3, "ctmr_paired", "CT");
        foreach (var (x, y) in mr.Zip(ct))
        {
            var theirs = Peer.Run("image_metrics.py", [192, 192, 255, 180], x, y);
            Compare(theirs.GetProperty("masked"), x, y, Disc(192, 192), 192, 255, bone: 180);
            Compare(theirs.GetProperty("whole"), x, y, [], 192, 255, bone: 180);
        }
    }

    [Fact]
    public void MultiScaleSimilarity_EqualImages_IsOne_AndFallsWithNoise()
    {
        var (x, _) = Formula();
        Assert.Equal(1, MultiScaleSimilarity.Of(x, x, [], Width, 4095), 1e-12);
        var random = new Models.Training.SeededRandom(1);
        var noise = x.Select(_ => (float)random.NextNormal()).ToArray();
        double Noisy(float deviation) => MultiScaleSimilarity.Of(x, [.. x.Zip(noise, (v, n) => v + deviation * n)], [], Width, 4095);
        Assert.True(Noisy(50) > Noisy(200) && Noisy(200) > Noisy(800));
    }

    [Fact]
    public void MultiScaleSimilarity_SmallImage_UsesTheScalesThatFit()
    {
        Assert.Equal(5, MultiScaleSimilarity.Scales(112, 200));
        Assert.Equal(4, MultiScaleSimilarity.Scales(111, 200));
        Assert.Equal(1, MultiScaleSimilarity.Scales(7, 7));
        Assert.Throws<ArgumentException>(() => MultiScaleSimilarity.Of(new float[36], new float[36], [], 6, 1));
    }

    [Fact]
    public void EdgeCorrelation_OtherContrastAndSign_IsOne()
    {
        var (x, _) = Formula();
        Assert.Equal(1, EdgeErrors.Correlation(x, [.. x.Select(v => 1000 - 0.5f * v)], [], Width), 1e-6);
        Assert.True(double.IsNaN(EdgeErrors.Correlation(x, new float[x.Length], [], Width)));
    }

    [Fact]
    public void DiceOverlap_KnownRegions_CountsThem()
    {
        float[] x = [300, 300, 0, 0], y = [300, 0, 300, 0];
        Assert.Equal(0.5, DiceOverlap.Above(x, y, [], 200));
        Assert.Equal(1, DiceOverlap.Above(x, y, [true, false, false, true], 200));
        Assert.True(double.IsNaN(DiceOverlap.Above(x, y, [false, false, false, true], 200)));
    }

    private static void Compare(JsonElement theirs, float[] x, float[] y, bool[] mask, int width, double range, double bone)
    {
        void Agree(string name, double ours) => Peer.Agree(theirs.GetProperty(name), ours, 1e-6, name);
        Agree("mae", ImageErrors.Mae(x, y, mask));
        foreach (var band in IntensityBand.Ct) Agree(band.Name, ImageErrors.Mae(x, y, mask, band));
        Agree("psnr", ImageErrors.Psnr(x, y, mask, range));
        Agree("ssim", ImageErrors.Ssim(x, y, mask, width, range));
        Agree("msSsim", MultiScaleSimilarity.Of(x, y, mask, width, range));
        Agree("gradientMae", EdgeErrors.GradientMae(x, y, mask, width));
        Agree("edgeCorrelation", EdgeErrors.Correlation(x, y, mask, width));
        Agree("dice", DiceOverlap.Above(x, y, mask, bone));
    }

    private static bool[] Disc(int height, int width) =>
        [.. from j in Enumerable.Range(0, height) from i in Enumerable.Range(0, width) select double.Hypot(j - height / 2.0, i - width / 2.0) < 0.45 * Math.Min(height, width)];

    private static (float[] X, float[] Y) Formula()
    {
        var at = (from j in Enumerable.Range(0, Height) from i in Enumerable.Range(0, Width) select (I: i, J: j)).ToArray();
        return ([.. at.Select(p => (float)(700 * Math.Sin(0.09 * p.I) * Math.Cos(0.07 * p.J) + 3 * p.J))],
            [.. at.Select(p => (float)(650 * Math.Sin(0.09 * p.I + 0.2) * Math.Cos(0.07 * p.J) + 40 * Math.Sin(1.3 * p.I + 0.9 * p.J)))]);
    }
}
