using MedGan.Models.Training;

namespace MedGan.Models.Tests.Training;

public class AugmentationTests
{
    private const int Size = 16;
    private static readonly float[] Image = [.. Enumerable.Range(0, Size * Size).Select(i => (float)Math.Sin(0.37 * i))];

    [Fact]
    public void NoChange_KeepsThePixels()
    {
        var target = new float[Image.Length];
        AffineWarp.Apply(Image, target, Size, angle: 0, scale: 1, shiftX: 0, shiftY: 0, mirror: false);
        Assert.All(Image.Zip(target), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Fact]
    public void Shift_MovesRightAndDown()
    {
        var target = new float[Image.Length];
        AffineWarp.Apply(Image, target, Size, angle: 0, scale: 1, shiftX: 2, shiftY: 3, mirror: false);
        Assert.Equal(Image[4 * Size + 5], target[7 * Size + 7], 1e-5f);
    }

    [Fact]
    public void Mirror_SwapsLeftAndRight()
    {
        var target = new float[Image.Length];
        AffineWarp.Apply(Image, target, Size, angle: 0, scale: 1, shiftX: 0, shiftY: 0, mirror: true);
        Assert.Equal(Image[4 * Size + 5], target[4 * Size + Size - 1 - 5], 1e-5f);
    }

    [Fact]
    public void QuarterTurn_MovesTheUpperEdgeToASide()
    {
        var source = new float[Size * Size];
        for (var column = 0; column < Size; column++) source[column] = 1;
        var target = new float[source.Length];
        AffineWarp.Apply(source, target, Size, angle: Math.PI / 2, scale: 1, shiftX: 0, shiftY: 0, mirror: false);
        var sides = (Left: Enumerable.Range(0, Size).Sum(row => target[row * Size]), Right: Enumerable.Range(0, Size).Sum(row => target[row * Size + Size - 1]));
        Assert.Equal(Size, Math.Max(sides.Left, sides.Right), 1e-3f);
        Assert.Equal(0, Math.Min(sides.Left, sides.Right), 1e-3f);
    }

    [Fact]
    public void Augmentation_WithoutFlip_NeverMirrors()
    {
        // left half -1, right half 1: any small change keeps the sides apart, a mirrored one swaps them
        var source = Enumerable.Range(0, Size * Size).Select(i => i % Size < Size / 2 ? -1f : 1f).ToArray();
        var target = new float[source.Length];
        var random = new SeededRandom(1);
        var augmentation = new Augmentation(0.05, 10, 0.1, Flip: false);
        for (var i = 0; i < 100; i++)
        {
            augmentation.Apply(source, target, Size, random);
            Assert.True(target[8 * Size + 1] < target[8 * Size + Size - 2]);
        }
    }
}
