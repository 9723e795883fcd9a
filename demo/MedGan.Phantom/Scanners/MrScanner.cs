using MedGan.Phantoms.Anatomy;

namespace MedGan.Phantoms.Scanners;

/// <summary>Magnetic resonance of the digital head: spin echo, receive-coil shading, Rician noise.</summary>
internal static class MrScanner
{
    public const double NoisePart = 0.018, BiasPart = 0.22;

    /// <summary>Repetition and echo time in ms.</summary>
    public static (double RepetitionMs, double EchoMs) Timing(PhantomModality modality) =>
        modality == PhantomModality.MrT1 ? (550, 15) : (4000, 90);

    public static float[] Ideal(PhantomModality modality, TissueRaster raster)
    {
        var (tr, te) = Timing(modality);
        return raster.Mean(t => TissueProperties.SpinEcho(t, tr, te));
    }

    /// <summary>Multiplies by a smooth field, then takes the magnitude of signal plus complex noise (Gudbjartsson and Patz, MRM 34:910, 1995).</summary>
    public static void AddArtefacts(PhantomPatient patient, PhantomModality modality, TissueRaster raster, float[] signal)
    {
        var g = raster.Geometry;
        var field = new PhantomRandom(patient.Seed, 20 + (int)modality);
        var waves = Enumerable.Range(0, 3).Select(_ => (
            X: field.Uniform(-1, 1) * Math.PI / 190, Y: field.Uniform(-1, 1) * Math.PI / 190, Z: field.Uniform(-1, 1) * Math.PI / 190,
            Phase: field.Uniform(0, 2 * Math.PI))).ToArray();
        var sigma = NoisePart * signal.Max();
        Parallel.For(0, g.Slices, k =>
        {
            var random = new PhantomRandom(patient.Seed, 2000 + 1000 * (int)modality + k);
            for (var row = 0; row < g.Rows; row++)
                for (var column = 0; column < g.Columns; column++)
                {
                    var p = g.PositionMm(column, row, k);
                    var bias = 1.0;
                    foreach (var w in waves)
                        bias += BiasPart / 2 * Math.Sin(w.X * p.X + w.Y * p.Y + w.Z * p.Z + w.Phase);
                    var i = (k * g.Rows + row) * g.Columns + column;
                    var real = signal[i] * bias + sigma * random.Normal();
                    var imaginary = sigma * random.Normal();
                    signal[i] = (float)Math.Sqrt(real * real + imaginary * imaginary);
                }
        });
    }
}
