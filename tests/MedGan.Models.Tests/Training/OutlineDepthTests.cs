using MedGan.Models.Training;

namespace MedGan.Models.Tests.Training;

public class OutlineDepthTests
{
    private const int Size = 32;

    private static float[] Depth(Func<int, int, bool> body)
    {
        var pixels = Enumerable.Range(0, Size * Size).Select(i => body(i % Size, i / Size) ? 0.3f : -1f).ToArray();
        var depth = new float[pixels.Length];
        OutlineDepth.Of(pixels, depth, Size);
        return depth;
    }

    // pixels to the outline, positive inside
    private static double Pixels(float depth) => -Math.Sign(depth) * Math.Log(1 - Math.Abs(depth)) * (Size / 16.0);

    private static bool Disc(int x, int y, double radius) => double.Hypot(x - 16, y - 16) <= radius;

    [Fact]
    public void Depth_OfADisc_IsTheDistanceToItsEdge()
    {
        var depth = Depth((x, y) => Disc(x, y, 10));
        Assert.Equal(Math.Sqrt(101), Pixels(depth[16 * Size + 16]), 1e-2); // from the centre the nearest pixel outside is ten across and one down
        Assert.Equal(1, Pixels(depth[16 * Size + 26]), 1e-3);
        Assert.Equal(-1, Pixels(depth[16 * Size + 27]), 1e-3);
        Assert.Equal(-5, Pixels(depth[16 * Size + 31]), 1e-3);
    }

    [Fact]
    public void HolesAndDarkBands_AreInside()
    {
        var whole = Depth((x, y) => Disc(x, y, 12));
        Assert.Equal(whole, Depth((x, y) => Disc(x, y, 12) && !(Disc(x, y, 9) && !Disc(x, y, 7)))); // dark skull below a bright scalp
    }

    [Fact]
    public void SmallGapOfTheScalp_IsClosed()
    {
        var depth = Depth((x, y) => Disc(x, y, 12) && !(Disc(x, y, 9) && !Disc(x, y, 7)) && !(x is 16 or 17 && y < 8));
        Assert.True(depth[8 * Size + 16] > 0); // inside the dark band, behind the gap
    }

    [Fact]
    public void SpecksOutside_AreNoBody()
    {
        var depth = Depth((x, y) => Disc(x, y, 8) || (x == 1 && y == 1));
        Assert.True(depth[Size + 1] < -0.9);
    }

    [Fact]
    public void ImageWithoutBody_IsOutsideEverywhere() => Assert.All(Depth((_, _) => false), value => Assert.Equal(-1, value, 1e-6f));

    [Fact]
    public void Distances_EqualThoseFoundByTrial()
    {
        var random = new SeededRandom(4);
        var mask = Enumerable.Range(0, Size * Size).Select(_ => random.Next(20) == 0).ToArray();
        var squared = DistanceTransform.Squared(mask, Size, to: true);
        var set = Enumerable.Range(0, mask.Length).Where(i => mask[i]).ToArray();
        for (var i = 0; i < mask.Length; i++)
            Assert.Equal(set.Min(j => Math.Pow(i % Size - j % Size, 2) + Math.Pow(i / Size - j / Size, 2)), squared[i], 1e-9);
    }
}
