namespace MedGan.Privacy.Memorization;

/// <summary>
/// Are generated images closer to the training images than held-out real images are? Meehan et al. (arXiv 2004.05675), with a
/// single cell: Mann and Whitney's U over the distances to the closest training image.
/// </summary>
public static class ThreeSampleTest
{
    /// <summary>
    /// Z = (U - mn/2) / sqrt(mn (m + n + 1) / 12), U = pairs in which the generated image (of m) is further away than the held-out
    /// one (of n), ties counted half. Standard normal if both come from one distribution; far below 0 means copying.
    /// </summary>
    public static double Z(IReadOnlyList<double> generated, IReadOnlyList<double> heldOut)
    {
        if (generated.Count == 0 || heldOut.Count == 0) throw new ArgumentException("Both samples need at least one distance.");
        double[] sorted = [.. heldOut.Order()];
        double m = generated.Count, n = heldOut.Count, u = 0;
        foreach (double distance in generated) u += (Below(sorted, distance, false) + Below(sorted, distance, true)) / 2.0;
        return (u - m * n / 2) / Math.Sqrt(m * n * (m + n + 1) / 12);
    }

    /// <summary>How many values lie below the given one, or at most at it.</summary>
    private static int Below(double[] sorted, double value, bool orEqual)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (sorted[middle] < value || (orEqual && sorted[middle] == value)) low = middle + 1; else high = middle;
        }
        return low;
    }
}
