namespace MedGan.Models.Training;

/// <summary>Rotates, scales, shifts and mirrors a square image about its centre, bilinearly; outside, the nearest edge's value goes on.</summary>
public static class AffineWarp
{
    /// <param name="source">size * size values.</param>
    /// <param name="target">size * size values, not overlapping the source.</param>
    /// <param name="size">Pixels per side.</param>
    /// <param name="angle">Radians.</param>
    /// <param name="scale">Larger than 1 enlarges.</param>
    /// <param name="shiftX">Pixels to the right.</param>
    /// <param name="shiftY">Pixels down.</param>
    /// <param name="mirror">Left to right.</param>
    public static void Apply(ReadOnlySpan<float> source, Span<float> target, int size, double angle, double scale, double shiftX, double shiftY, bool mirror)
    {
        var centre = (size - 1) / 2.0;
        var (sin, cos) = Math.SinCos(angle);
        var (alongX, alongY) = (cos / scale, sin / scale);
        for (var row = 0; row < size; row++)
        {
            var y = row - centre - shiftY;
            for (var column = 0; column < size; column++)
            {
                var x = (mirror ? size - 1 - column : column) - centre - shiftX;
                target[row * size + column] = Bilinear(source, size, centre + alongX * x + alongY * y, centre - alongY * x + alongX * y);
            }
        }
    }

    private static float Bilinear(ReadOnlySpan<float> image, int size, double x, double y)
    {
        x = Math.Clamp(x, 0, size - 1);
        y = Math.Clamp(y, 0, size - 1);
        var (left, top) = (Math.Min((int)x, size - 2), Math.Min((int)y, size - 2));
        var (fx, fy) = ((float)(x - left), (float)(y - top));
        var at = top * size + left;
        var upper = image[at] + fx * (image[at + 1] - image[at]);
        var lower = image[at + size] + fx * (image[at + size + 1] - image[at + size]);
        return upper + fy * (lower - upper);
    }
}
