namespace MedGan.Models.Training;

/// <summary>The exact Euclidean distance transform (Felzenszwalb and Huttenlocher, Theory of Computing 8, 2012): lower envelopes of parabolas, first down the columns, then along the rows.</summary>
internal static class DistanceTransform
{
    private const double Far = 1e12;

    /// <returns>For every pixel the squared distance in pixels to the nearest one whose mask equals <paramref name="to"/>; 1e12 and more where there is none.</returns>
    public static double[] Squared(bool[] mask, int size, bool to)
    {
        var distances = Array.ConvertAll(mask, value => value == to ? 0 : Far);
        var (line, result) = (new double[size], new double[size]);
        var (parabolas, borders) = (new int[size], new double[size + 1]);
        for (var column = 0; column < size; column++)
        {
            for (var row = 0; row < size; row++) line[row] = distances[row * size + column];
            Envelope(line, result, parabolas, borders);
            for (var row = 0; row < size; row++) distances[row * size + column] = result[row];
        }
        for (var row = 0; row < size; row++)
        {
            distances.AsSpan(row * size, size).CopyTo(line);
            Envelope(line, result, parabolas, borders);
            result.CopyTo(distances, row * size);
        }
        return distances;
    }

    // result[q] = min over p of line[p] + (q - p)^2
    private static void Envelope(double[] line, double[] result, int[] parabolas, double[] borders)
    {
        var last = 0;
        parabolas[0] = 0;
        (borders[0], borders[1]) = (double.NegativeInfinity, double.PositiveInfinity);
        for (var q = 1; q < line.Length; q++)
        {
            double crossing;
            while ((crossing = Crossing(parabolas[last], q)) <= borders[last]) last--;
            parabolas[++last] = q;
            (borders[last], borders[last + 1]) = (crossing, double.PositiveInfinity);
        }
        for (int q = 0, at = 0; q < line.Length; q++)
        {
            while (borders[at + 1] < q) at++;
            result[q] = line[parabolas[at]] + (double)(q - parabolas[at]) * (q - parabolas[at]);
        }

        double Crossing(int p, int q) => (line[q] + (double)q * q - (line[p] + (double)p * p)) / (2.0 * (q - p));
    }
}
