namespace MedGan.Dicom.Volumes;

/// <summary>The scale of MR values: they have no unit of their own, so 1.0 is the 99.5th percentile of the foreground.</summary>
public static class MrNormalization
{
    /// <summary>Foreground is what exceeds this part of the 99th percentile of all voxels: above the noise of air, below every tissue but cortical bone.</summary>
    public const double ForegroundPart = 0.1;

    /// <summary>The 99.5th percentile of the foreground; 1 where there is no signal at all.</summary>
    public static double UnitOf(ReadOnlySpan<float> voxels)
    {
        var sorted = voxels.ToArray();
        Array.Sort(sorted);
        if (sorted.Length == 0 || sorted[^1] <= 0)
            return 1;
        var threshold = (float)(ForegroundPart * At(sorted, 0, 0.99));
        var first = Array.BinarySearch(sorted, threshold);
        first = first < 0 ? ~first : first;
        while (first < sorted.Length && sorted[first] <= threshold)
            first++;
        var unit = At(sorted, Math.Min(first, sorted.Length - 1), 0.995);
        return unit > 0 ? unit : sorted[^1];
    }

    /// <summary>Divides the voxels by their unit, in place, and returns the unit.</summary>
    public static double Apply(Span<float> voxels)
    {
        var unit = UnitOf(voxels);
        var scale = (float)(1 / unit);
        for (var i = 0; i < voxels.Length; i++)
            voxels[i] *= scale;
        return unit;
    }

    private static double At(float[] sorted, int first, double part) =>
        sorted[first + (int)Math.Round(part * (sorted.Length - 1 - first))];
}
