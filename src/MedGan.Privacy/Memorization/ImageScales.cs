namespace MedGan.Privacy.Memorization;

/// <summary>
/// The views in which images are compared. Each is slightly low-passed first, so that noise does not decide:
/// the whole image at full, half and quarter resolution, and its detail alone - the half-resolution image less its own
/// blurred form - because the silhouette of a head makes any two heads alike at the coarse views. The detail is compared a
/// second time after centring and scaling, so that a shifted or enlarged copy is found too.
/// </summary>
public static class ImageScales
{
    /// <summary>The names of the views, in the order of <see cref="Of"/>.</summary>
    public static readonly IReadOnlyList<string> Names = ["ncc-full", "ncc-half", "ncc-quarter", "ncc-detail", "ncc-aligned"];

    /// <summary>Larger images are brought down to at most this many pixels a side before comparison.</summary>
    public const int LargestSide = 128;

    // Passes of the 5-tap binomial filter (variance 1 pixel^2 each) that separate detail from shape.
    private const int ShapePasses = 4;

    // Foreground for alignment: above 5 % of the range. A disc of 0.38 sides radius, a typical head, has this root-mean-square radius.
    private const float AirBound = -0.9f;
    private const double AlignedRadius = 0.27;

    /// <summary>True if an image of this side can be compared: halved twice without a remainder.</summary>
    public static bool Accepts(int size) => size >= 16 && ReducedSize(size) % 4 == 0;

    /// <summary>The views of a size x size image.</summary>
    public static float[][] Of(ReadOnlySpan<float> pixels, int size)
    {
        float[] image = pixels.ToArray();
        while (size > LargestSide && size % 2 == 0) { image = Halve(image, size); size /= 2; }
        float[] full = Blur(image, size);
        float[] half = Halve(full, size);
        float[] quarter = Halve(Blur(half, size / 2), size / 2);
        float[] aligned = Halve(Blur(Align(image, size), size), size);
        return [full, half, quarter, Detail(half, size / 2), Detail(aligned, size / 2)];
    }

    private static float[] Detail(float[] image, int size)
    {
        float[] shape = image;
        for (int pass = 0; pass < ShapePasses; pass++) shape = Blur(shape, size);
        return [.. image.Zip(shape, (value, smooth) => value - smooth)];
    }

    /// <summary>Moves the foreground's centroid to the middle and brings its root-mean-square radius to a fixed one (bilinear).</summary>
    internal static float[] Align(float[] image, int size)
    {
        double mass = 0, sumX = 0, sumY = 0, squares = 0, middle = (size - 1) / 2.0;
        for (int y = 0; y < size; y++)
            for (int x = 0; x < size; x++)
            {
                double weight = Math.Max(0, image[y * size + x] - AirBound), dx = x - middle, dy = y - middle;
                mass += weight;
                sumX += weight * dx;
                sumY += weight * dy;
                squares += weight * (dx * dx + dy * dy);
            }
        if (mass < 1) return image;
        double centreX = sumX / mass, centreY = sumY / mass;
        double radius = Math.Sqrt(Math.Max(0, squares / mass - centreX * centreX - centreY * centreY));
        double scale = Math.Clamp(radius / (AlignedRadius * size), 0.25, 2);
        var result = new float[image.Length];
        for (int y = 0; y < size; y++)
            for (int x = 0; x < size; x++)
                result[y * size + x] = Bilinear.Sample(image, size, middle + centreX + scale * (x - middle), middle + centreY + scale * (y - middle));
        return result;
    }

    private static int ReducedSize(int size)
    {
        while (size > LargestSide && size % 2 == 0) size /= 2;
        return size;
    }

    /// <summary>Binomial low-pass [1 4 6 4 1]/16 along both axes, the border repeated.</summary>
    internal static float[] Blur(float[] image, int size)
    {
        var across = new float[image.Length];
        var result = new float[image.Length];
        for (int row = 0; row < size; row++)
            Filter(image.AsSpan(row * size, size), across.AsSpan(row * size, size));
        float[] column = new float[size], filtered = new float[size];
        for (int x = 0; x < size; x++)
        {
            for (int row = 0; row < size; row++) column[row] = across[row * size + x];
            Filter(column, filtered);
            for (int row = 0; row < size; row++) result[row * size + x] = filtered[row];
        }
        return result;
    }

    private static void Filter(ReadOnlySpan<float> line, Span<float> target)
    {
        int last = line.Length - 1;
        for (int i = 0; i <= last; i++)
        {
            float near = line[Math.Max(i - 1, 0)] + line[Math.Min(i + 1, last)];
            float far = line[Math.Max(i - 2, 0)] + line[Math.Min(i + 2, last)];
            target[i] = (6 * line[i] + 4 * near + far) / 16;
        }
    }

    private static float[] Halve(float[] image, int size)
    {
        int half = size / 2;
        var result = new float[half * half];
        for (int y = 0; y < half; y++)
            for (int x = 0; x < half; x++)
            {
                int at = 2 * y * size + 2 * x;
                result[y * half + x] = (image[at] + image[at + 1] + image[at + size] + image[at + size + 1]) / 4;
            }
        return result;
    }
}
