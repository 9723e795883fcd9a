namespace MedGan.Models.Training.Degradation;

/// <summary>The shape of a slice: how much of what lies at a distance from its centre it takes up.</summary>
public enum SliceShape
{
    /// <summary>exp(-4 ln 2 (z / FWHM)^2): spiral CT, MR with a short pulse.</summary>
    Gaussian,

    /// <summary>Flat over half the FWHM, then linearly to 0 at 3/4 of it on either side: a collimated CT slice, MR with a long pulse.</summary>
    Trapezoid,
}

/// <summary>
/// Slices that are f times as far apart and as thick as their profile says: y_i = sum of p(z_j - c_i) x_j / sum of p(z_j - c_i), c_i the centre of the f thin slices that
/// y_i stands for, p averaged over the thickness of a thin slice. Beyond the ends lies what lies at the ends. Constants are kept exactly.
/// </summary>
public static class SliceProfile
{
    private const int SamplesPerSlice = 16;

    /// <param name="length">Thin slices, a multiple of the factor.</param>
    /// <param name="factor">f, at least 1.</param>
    /// <param name="shape">Of the thick slice.</param>
    /// <param name="fwhmMm">Full width at half maximum of the thick slice, above 0.</param>
    /// <param name="spacingMm">Distance of thin slices, above 0.</param>
    public static AxisOperator Of(int length, int factor, SliceShape shape, double fwhmMm, double spacingMm)
    {
        if (!(fwhmMm > 0) || !(spacingMm > 0)) throw new ArgumentOutOfRangeException(nameof(fwhmMm), "A slice's width and spacing must be above 0.");
        var weights = new double[AxisOperator.Shorter(length, factor), length];
        var reach = (int)Math.Ceiling(2.5 * fwhmMm / spacingMm + 1); // a Gaussian has fallen below 3e-8 there
        for (var i = 0; i < weights.GetLength(0); i++)
        {
            var centre = factor * (i + 0.5) - 0.5;
            var (start, end) = ((int)Math.Floor(centre) - reach, (int)Math.Ceiling(centre) + reach);
            var sum = Enumerable.Range(start, end - start + 1).Sum(j => Weight(shape, (j - centre) * spacingMm, fwhmMm, spacingMm));
            for (var j = start; j <= end; j++)
                weights[i, Math.Clamp(j, 0, length - 1)] += Weight(shape, (j - centre) * spacingMm, fwhmMm, spacingMm) / sum;
        }
        return new AxisOperator(weights);
    }

    /// <param name="shape">Which.</param>
    /// <param name="distanceMm">From the slice's centre.</param>
    /// <param name="fwhmMm">Full width at half maximum.</param>
    /// <returns>[0, 1]; 1/2 at half the width.</returns>
    public static double At(SliceShape shape, double distanceMm, double fwhmMm) => shape == SliceShape.Gaussian
        ? Math.Exp(-4 * Math.Log(2) * distanceMm * distanceMm / (fwhmMm * fwhmMm))
        : Math.Clamp(1.5 - 2 * Math.Abs(distanceMm) / fwhmMm, 0, 1);

    private static double Weight(SliceShape shape, double distanceMm, double fwhmMm, double spacingMm)
    {
        var sum = 0.0;
        for (var s = 0; s < SamplesPerSlice; s++) sum += At(shape, distanceMm + ((s + 0.5) / SamplesPerSlice - 0.5) * spacingMm, fwhmMm);
        return sum / SamplesPerSlice;
    }
}
