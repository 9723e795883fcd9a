using MedGan.Phantoms.Anatomy;

namespace MedGan.Phantoms.Scanners;

/// <summary>Computed tomography of the digital head.</summary>
internal static class CtScanner
{
    public const double NoiseHu = 5.5, CuppingHu = 14;

    public static float[] Ideal(PhantomPatient patient, TissueRaster raster) => raster.Mean(t => t switch
    {
        Tissue.CorticalBone or Tissue.Diploe => (float)(TissueProperties.Hounsfield(t) * patient.BoneDensity),
        _ => TissueProperties.Hounsfield(t),
    });

    /// <summary>Adds what beam hardening and photon statistics add: a dish-shaped shading inside the head, and correlated noise.</summary>
    public static void AddArtefacts(PhantomPatient patient, TissueRaster raster, float[] hu)
    {
        var g = raster.Geometry;
        Parallel.For(0, g.Slices, k =>
        {
            var random = new PhantomRandom(patient.Seed, 1000 + k);
            var white = new double[g.SliceLength];
            for (var i = 0; i < white.Length; i++)
                white[i] = random.Normal();
            var slice = hu.AsSpan(k * g.SliceLength, g.SliceLength);
            for (var row = 0; row < g.Rows; row++)
                for (var column = 0; column < g.Columns; column++)
                {
                    var p = g.PositionMm(column, row, k) - patient.ShiftMm;
                    var radius = Math.Min(1, (p.X * p.X) / (72 * 72) + (p.Y * p.Y) / (90 * 90));
                    var i = row * g.Columns + column;
                    // Noise grows where the path through the head is long.
                    var noise = NoiseHu * (0.75 + 0.5 * (1 - radius)) * Correlated(white, g.Columns, g.Rows, row, column);
                    var shading = slice[i] > -300 ? CuppingHu * (radius - 0.45) : 0;
                    slice[i] = (float)Math.Max(-1024, slice[i] + noise + shading);
                }
        });
    }

    // A 3x3 kernel with unit noise power: reconstruction leaves neighbouring pixels correlated.
    private static double Correlated(double[] white, int columns, int rows, int row, int column)
    {
        double At(int r, int c) => white[Math.Clamp(r, 0, rows - 1) * columns + Math.Clamp(c, 0, columns - 1)];
        return 0.9 * At(row, column) + 0.2 * (At(row - 1, column) + At(row + 1, column) + At(row, column - 1) + At(row, column + 1));
    }
}
