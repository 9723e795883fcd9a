using MedGan.Models.Metrics;

namespace MedGan.Models.Tests.Metrics;

/// <summary>Radiomic features against scikit-image and SciPy (bench/peers/radiomics.py), and what they are blind to.</summary>
public class RadiomicFeatureTests
{
    private const int Height = 70, Width = 90;

    private static readonly float[] Formula =
    [
        .. from j in Enumerable.Range(0, Height) from i in Enumerable.Range(0, Width)
           select (float)(Math.Exp(-Math.Pow((i - 50) / 20.0, 2) - Math.Pow((j - 30) / 12.0, 2) + 0.3 * Math.Sin(0.9 * i + 0.4 * j * j)) - 0.6),
    ];

    [Theory]
    [InlineData("masked")]
    [InlineData("whole")]
    public void EveryFeature_FormulaImage_EqualsItsPeer(string region)
    {
        var theirs = Peer.Fixture("radiomics").GetProperty(region);
        Compare(theirs, new GreyImage(Height, Width, Formula, Mask: region == "masked" ? Disc(Height, Width) : null));
    }

    [Fact]
    public void EveryFeature_RealImages_EqualsItsPeer()
    {
        float[][] images = [.. Peer.RealImages(160, 2, "ctmr_paired", "MRI"), .. Peer.RealImages(160, 2, "ctmr_unpaired", "CT")];
        foreach (var image in images.Select(i => i.Select(v => v / 127.5f - 1).ToArray()))
        {
            var theirs = Peer.Run("radiomics.py", [160, 160], image);
            Compare(theirs.GetProperty("masked"), new GreyImage(160, 160, image, Mask: Disc(160, 160)));
            Compare(theirs.GetProperty("whole"), new GreyImage(160, 160, image));
        }
    }

    [Fact]
    public void FlatImage_HasFiniteFeatures_AndNoBrightRegion()
    {
        var features = RadiomicFeatures.Of(new GreyImage(8, 8, new float[64]));
        Assert.All(features, f => Assert.True(float.IsFinite(f)));
        Assert.Equal(0, features[RadiomicFeatures.Names.ToList().IndexOf("bright area")]);
        Assert.Throws<ArgumentException>(() => RadiomicFeatures.Of(new GreyImage(8, 8, new float[64], Mask: new bool[64])));
    }

    [Fact]
    public void GivenThreshold_MeasuresThePlantedDisc()
    {
        var disc = new GreyImage(100, 50, [.. from j in Enumerable.Range(0, 100) from i in Enumerable.Range(0, 50) select double.Hypot(j - 70, i - 20) <= 10 ? 0.9f : j < 30 ? 0.4f : -1f]);
        var features = RadiomicFeatures.Names.Zip(RadiomicFeatures.Of(disc, brightAbove: 0.6)).ToDictionary(f => f.First, f => f.Second);
        Assert.Equal(Math.PI * 100 / 5000, features["bright area"], 0.002);
        Assert.Equal(0.7, features["bright centre, down"], 1e-5);
        Assert.Equal(0.4, features["bright centre, across"], 1e-5);
        Assert.Equal(20 / Math.Sqrt(5000), features["bright major axis"], 0.01);
        Assert.Equal(features["bright major axis"], features["bright minor axis"], 1e-5);
    }

    [Fact]
    public void Standardised_RealSet_HasMeanZeroAndDeviationOne_ConstantFeaturesAreOnlyShifted()
    {
        var (real, generated) = RadiomicFeatures.Standardised([[1, 5], [2, 5], [6, 5]], [[3, 6], [3, 4]]);
        Assert.Equal(0, real.Sum(f => f[0]), 1e-6);
        Assert.Equal(2, real.Sum(f => f[0] * f[0]), 1e-5);
        Assert.Equal([[0, 1], [0, -1]], generated);
    }

    private static void Compare(System.Text.Json.JsonElement theirs, GreyImage image)
    {
        var ours = RadiomicFeatures.Of(image);
        Assert.Equal(RadiomicFeatures.Names.Count, ours.Length);
        foreach (var (name, i) in RadiomicFeatures.Names.Select((n, i) => (n, i))) Peer.Agree(theirs[i], ours[i], 1e-5, name);
    }

    private static bool[] Disc(int height, int width) =>
        [.. from j in Enumerable.Range(0, height) from i in Enumerable.Range(0, width) select double.Hypot(j - height / 2.0, i - width / 2.0) < 0.45 * Math.Min(height, width)];
}
