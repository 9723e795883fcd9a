namespace MedGan.Dicom.Files;

/// <summary>A grey picture as a file holds it, not reduced to 8 bits.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="White">The value of white; black is 0. 255 or 65535, or what the file says of its significant bits.</param>
/// <param name="WhiteIsStated">False for 16-bit values of which the file does not say how many bits are in use: 12-bit data is often stored so, and is then not as dark as it looks.</param>
/// <param name="Values">[row, column], in [0, White]; fractions only where colours were weighted to luma.</param>
public sealed record GrayRaster(int Width, int Height, float White, bool WhiteIsStated, float[] Values)
{
    /// <summary>Columns and rows beyond which nothing is read.</summary>
    public const int MaxSide = 8192;

    /// <summary>Luma of red, green and blue by ITU-R BT.601: 0.299 R + 0.587 G + 0.114 B.</summary>
    public static float Luma(float red, float green, float blue) => red == green && green == blue ? red : 0.299f * red + 0.587f * green + 0.114f * blue;

    internal static void RequireSize(long width, long height)
    {
        if (width is <= 0 or > MaxSide || height is <= 0 or > MaxSide)
            throw new ImageFileException($"The picture says that it has {width} x {height} pixels; from 1 to {MaxSide} a side are read.");
    }
}
