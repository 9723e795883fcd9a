using MedGan.Dicom.Volumes;
using Xunit;

namespace MedGan.Dicom.Tests.Volumes;

public sealed class SquareGridTests
{
    private static float[] Waves(int width, int height) =>
        [.. Enumerable.Range(0, width * height).Select(i => 100 + 50 * MathF.Sin(i % width / 9f) + 30 * MathF.Cos(i / width / 7f))];

    [Theory]
    [InlineData(64, 64, 0, 0)]
    [InlineData(64, 41, 11, 0)]
    [InlineData(33, 64, 0, 15)]
    public void ToSquare_PixelsOfOneSize_KeepsEveryValueBetweenMargins(int width, int height, int top, int left)
    {
        var (grid, picture) = (new SquareGrid(width, height, 64), Waves(width, height));
        var square = grid.ToSquare(picture, -5);
        for (var y = 0; y < 64; y++)
            for (var x = 0; x < 64; x++)
            {
                var inside = y >= top && y < top + height && x >= left && x < left + width;
                Assert.Equal(inside ? picture[(y - top) * width + x - left] : -5, square[y * 64 + x], 1e-4);
            }
        Assert.All(picture.Zip(grid.ToPicture(square, 0)), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void ToSquare_HalfTheSize_IsTheMeanOfFourPixels()
    {
        float[] picture = [1, 3, 10, 20, 5, 7, 30, 40];
        Assert.Equal([4, 25, 0, 0], new SquareGrid(4, 2, 2).ToSquare(picture, 0));
        Assert.Equal([0, 0, 0, 0, 1, 3, 10, 20, 5, 7, 30, 40, 0, 0, 0, 0], new SquareGrid(4, 2, 4).ToSquare(picture, 0));
    }

    [Theory]
    [InlineData(225, 180, 256)]
    [InlineData(512, 300, 256)]
    [InlineData(48, 60, 200)]
    public void ToPicture_OfASmoothPicturesSquare_GivesThePictureBack(int width, int height, int size)
    {
        var (grid, picture) = (new SquareGrid(width, height, size), Waves(width, height));
        var back = grid.ToPicture(grid.ToSquare(picture, 0), 0);
        for (var y = 4; y < height - 4; y++)
            for (var x = 4; x < width - 4; x++)
                Assert.Equal(picture[y * width + x], back[y * width + x], 0.6);
    }
}
