namespace MedGan.Models.Metrics;

/// <summary>
/// Texture from the grey-level co-occurrence matrix (Haralick et al., IEEE Trans. SMC 1973): 16 levels over [0, 1], neighbours at one pixel in four directions,
/// added up, both ways round, pairs with both pixels in the mask.
/// </summary>
internal static class CooccurrenceFeatures
{
    private const int Levels = 16;

    public static readonly string[] Names = ["contrast", "dissimilarity", "homogeneity", "energy", "correlation", "joint entropy"];

    /// <summary>Joint entropy in bits; correlation of one level alone is 1.</summary>
    public static double[] Of(double[] shares, bool[] mask, int width)
    {
        var p = Matrix(shares, mask, width);
        double contrast = 0, dissimilarity = 0, homogeneity = 0, squares = 0, entropy = 0, mean = 0, product = 0, square = 0;
        for (var i = 0; i < Levels; i++)
            for (var j = 0; j < Levels; j++)
            {
                var share = p[i, j];
                if (share == 0) continue;
                contrast += share * (i - j) * (i - j);
                dissimilarity += share * Math.Abs(i - j);
                homogeneity += share / (1 + (i - j) * (i - j));
                squares += share * share;
                entropy -= share * Math.Log2(share);
                mean += share * i;
                square += share * i * i;
                product += share * i * j;
            }
        var variance = square - mean * mean;
        return [contrast, dissimilarity, homogeneity, Math.Sqrt(squares), variance < 1e-12 ? 1 : (product - mean * mean) / variance, entropy];
    }

    // symmetric, summing to 1, or all 0 without a pair
    private static double[,] Matrix(double[] shares, bool[] mask, int width)
    {
        var matrix = new double[Levels, Levels];
        var (height, pairs) = (shares.Length / width, 0.0);
        int Level(int at) => Math.Min((int)(shares[at] * Levels), Levels - 1);
        foreach (var (down, right) in ((int, int)[])[(0, 1), (1, 1), (1, 0), (1, -1)])
            for (var y = 0; y + down < height; y++)
                for (var x = Math.Max(0, -right); x < Math.Min(width, width - right); x++)
                {
                    var (one, other) = (y * width + x, (y + down) * width + x + right);
                    if (!mask[one] || !mask[other]) continue;
                    matrix[Level(one), Level(other)]++;
                    matrix[Level(other), Level(one)]++;
                    pairs += 2;
                }
        for (var i = 0; i < Levels * Levels && pairs > 0; i++) matrix[i / Levels, i % Levels] /= pairs;
        return matrix;
    }
}
