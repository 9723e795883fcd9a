namespace MedGan.Privacy.Memorization;

/// <summary>How a training image is copied when the gate plants copies to test itself (Size x Size in, the same out).</summary>
/// <param name="Name">The name used in reports.</param>
/// <param name="Deciding">True for exact and mirrored copies: if one of these is missed, nothing is certified.</param>
/// <param name="Apply">Makes the copy; the random source is seeded.</param>
internal sealed record Alteration(string Name, bool Deciding, Func<float[], int, Random, float[]> Apply)
{
    /// <summary>Every copy that is tried.</summary>
    public static IReadOnlyList<Alteration> All { get; } =
    [
        new("exact", true, (image, _, _) => (float[])image.Clone()),
        new("mirrored left-right", true, (image, size, _) => Mirroring.Apply(image, size, Mirror.LeftRight)),
        new("mirrored up-down", true, (image, size, _) => Mirroring.Apply(image, size, Mirror.UpDown)),
        new("turned by 180 degrees", true, (image, size, _) => Mirroring.Apply(image, size, Mirror.HalfTurn)),
        new("noise (sd 0.05 of a range of 2)", false, (image, _, random) => Map(image, v => v + 0.05f * Normal(random))),
        new("intensity change (gamma 1.3, gain 0.9)", false, (image, _, _) => Map(image, v => 0.9f * (2 * MathF.Pow((Math.Clamp(v, -1, 1) + 1) / 2, 1.3f) - 1))),
        new("shift by 2/64 of the side", false, (image, size, _) => Warp(image, size, 1, 0, size / 32.0)),
        new("rotation by 3 degrees", false, (image, size, _) => Warp(image, size, 1, 3, 0)),
        new("crop to 95 % and enlarge", false, (image, size, _) => Warp(image, size, 0.95, 0, 0)),
        new("resampled at 70 % and back", false, (image, size, _) => Resample(image, size)),
    ];

    private static float[] Map(float[] image, Func<float, float> change) => [.. image.Select(v => Math.Clamp(change(v), -1, 1))];

    private static float Normal(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));

    /// <summary>Bilinear: scale &lt; 1 enlarges, turn in degrees, shift in pixels along both axes; air comes in at the border.</summary>
    private static float[] Warp(float[] image, int size, double scale, double degrees, double shift)
    {
        var result = new float[image.Length];
        double centre = (size - 1) / 2.0, cos = scale * Math.Cos(degrees * Math.PI / 180), sin = scale * Math.Sin(degrees * Math.PI / 180);
        for (int y = 0; y < size; y++)
            for (int x = 0; x < size; x++)
                result[y * size + x] = Bilinear.Sample(image, size,
                    centre + cos * (x - centre) - sin * (y - centre) + shift, centre + sin * (x - centre) + cos * (y - centre) + shift);
        return result;
    }

    private static float[] Resample(float[] image, int size)
    {
        int smaller = Math.Max(8, (int)Math.Round(0.7 * size));
        double step = (double)size / smaller;
        var small = new float[smaller * smaller];
        for (int y = 0; y < smaller; y++)
            for (int x = 0; x < smaller; x++)
                small[y * smaller + x] = Bilinear.Sample(image, size, (x + 0.5) * step - 0.5, (y + 0.5) * step - 0.5);
        var result = new float[image.Length];
        for (int y = 0; y < size; y++)
            for (int x = 0; x < size; x++)
                result[y * size + x] = Bilinear.Sample(small, smaller,
                    Math.Clamp((x + 0.5) / step - 0.5, 0, smaller - 1), Math.Clamp((y + 0.5) / step - 0.5, 0, smaller - 1));
        return result;
    }
}
