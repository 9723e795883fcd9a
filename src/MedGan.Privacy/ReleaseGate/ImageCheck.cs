namespace MedGan.Privacy.ReleaseGate;

/// <summary>Whether an image can be compared at all.</summary>
internal static class ImageCheck
{
    private const float AirBound = -0.9f;      // CT: -870 HU; MR: 5 % of the range
    private const double LeastContrast = 1e-3; // standard deviation; the range is 2
    private const double AirContrast = 0.02;

    /// <summary>A sentence if the image cannot be used; null if it can.</summary>
    public static string? WhyUnusable(GateImage? image, int size)
    {
        if (image is null || image.Pixels is null || string.IsNullOrEmpty(image.Id)) return "The image has no pixels or no identifier.";
        if (image.Pixels.Length != size * size) return "The image does not have the stated size.";
        foreach (float value in image.Pixels)
            if (!(value >= -1.01f && value <= 1.01f)) return "The image holds values that are not numbers from -1 to 1.";
        return null;
    }

    /// <summary>
    /// Only air: at most the given fraction of pixels lies above the air bound, and the rest is flat - a faint copy
    /// hidden below the bound is no air.
    /// </summary>
    public static bool IsEmpty(ReadOnlySpan<float> pixels, double foregroundFraction)
    {
        int foreground = 0;
        double sum = 0, squares = 0;
        foreach (float value in pixels)
        {
            if (value > AirBound) { foreground++; continue; }
            sum += value;
            squares += (double)value * value;
        }
        if (foreground > foregroundFraction * pixels.Length) return false;
        int air = pixels.Length - foreground;
        double mean = sum / air;
        return Math.Sqrt(Math.Max(0, squares / air - mean * mean)) <= AirContrast;
    }

    /// <summary>Nearly constant, so that a correlation means nothing.</summary>
    public static bool IsFlat(ReadOnlySpan<float> pixels)
    {
        double sum = 0, squares = 0;
        foreach (float value in pixels) { sum += value; squares += (double)value * value; }
        double mean = sum / pixels.Length;
        return squares / pixels.Length - mean * mean < LeastContrast * LeastContrast;
    }
}
