namespace MedGan.Models.Metrics;

/// <summary>Size, place and shape of a region, as shares of the image, so that they do not hang on its pixels' number.</summary>
internal static class BrightRegionFeatures
{
    public static readonly string[] Names = ["bright area", "bright centre, down", "bright centre, across", "bright major axis", "bright minor axis", "bright outline"];

    /// <summary>
    /// Area / (H W); centre / H and / W; 4 sqrt(eigenvalue of the coordinates' covariance) / sqrt(H W), which is an ellipse's axis;
    /// the share of the region's pixels that touch (by a side) one outside it. All 0 of an empty region.
    /// </summary>
    public static double[] Of(bool[] region, int height, int width)
    {
        double area = 0, sumY = 0, sumX = 0, yy = 0, xx = 0, xy = 0, outline = 0;
        bool Inside(int y, int x) => y >= 0 && x >= 0 && y < height && x < width && region[y * width + x];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                if (!region[y * width + x]) continue;
                area++;
                (sumY, sumX, yy, xx, xy) = (sumY + y, sumX + x, yy + (double)y * y, xx + (double)x * x, xy + (double)x * y);
                if (!Inside(y - 1, x) || !Inside(y + 1, x) || !Inside(y, x - 1) || !Inside(y, x + 1)) outline++;
            }
        if (area == 0) return new double[Names.Length];
        var (meanY, meanX) = (sumY / area, sumX / area);
        var (varianceY, varianceX, covariance) = (yy / area - meanY * meanY, xx / area - meanX * meanX, xy / area - meanX * meanY);
        var (middle, half) = ((varianceY + varianceX) / 2, double.Hypot((varianceY - varianceX) / 2, covariance));
        var scale = 4 / Math.Sqrt((double)height * width);
        return
        [
            area / ((double)height * width), meanY / height, meanX / width,
            scale * Math.Sqrt(middle + half), scale * Math.Sqrt(Math.Max(0, middle - half)), outline / area,
        ];
    }
}
