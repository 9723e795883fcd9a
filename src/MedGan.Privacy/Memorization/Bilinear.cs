namespace MedGan.Privacy.Memorization;

/// <summary>Values between the pixels of a square image.</summary>
internal static class Bilinear
{
    private const float Air = -1;

    /// <summary>The value at column x and row y; beyond the border lies air.</summary>
    public static float Sample(float[] image, int size, double x, double y)
    {
        int x0 = (int)Math.Floor(x), y0 = (int)Math.Floor(y);
        double fx = x - x0, fy = y - y0;
        double top = (1 - fx) * At(x0, y0) + fx * At(x0 + 1, y0), bottom = (1 - fx) * At(x0, y0 + 1) + fx * At(x0 + 1, y0 + 1);
        return (float)((1 - fy) * top + fy * bottom);

        float At(int column, int row) => column >= 0 && row >= 0 && column < size && row < size ? image[row * size + column] : Air;
    }
}
