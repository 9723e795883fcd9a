namespace MedGan.Phantoms;

/// <summary>Size and place of a lesion in a slice.</summary>
/// <param name="AcrossMm">Its centre, from the image's middle to the right of the picture.</param>
/// <param name="DownMm">Its centre, from the image's middle down.</param>
/// <param name="RadiusMm">Of the circle of the same area.</param>
public sealed record LesionOutline(double AcrossMm, double DownMm, double RadiusMm)
{
    /// <param name="share">How much of each pixel it fills, 0 .. 1, row after row.</param>
    /// <param name="columns">Pixels in a row.</param>
    /// <param name="spacingMm">Of a square pixel.</param>
    /// <returns>Null where it fills nothing.</returns>
    public static LesionOutline? Of(ReadOnlySpan<float> share, int columns, double spacingMm)
    {
        double area = 0, across = 0, down = 0;
        for (var i = 0; i < share.Length; i++) (area, across, down) = (area + share[i], across + share[i] * (i % columns), down + share[i] * (i / columns));
        if (area == 0) return null;
        var (middleColumn, middleRow) = ((columns - 1) / 2.0, (share.Length / columns - 1) / 2.0);
        return new((across / area - middleColumn) * spacingMm, (down / area - middleRow) * spacingMm, Math.Sqrt(area / Math.PI) * spacingMm);
    }
}
