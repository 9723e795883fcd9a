using MedGan.Dicom.Volumes;
using MedGan.Phantoms.Anatomy;
using Xunit;

namespace MedGan.Phantoms.Tests;

public sealed class PhantomTests
{
    private static readonly PhantomGrid Small = new(64, 8, 3.8, 15);

    [Theory]
    [InlineData(PhantomModality.Ct)]
    [InlineData(PhantomModality.MrT1)]
    [InlineData(PhantomModality.MrT2)]
    public void Render_SameSeed_SameVoxels(PhantomModality modality)
    {
        Assert.Equal(Phantom.Render(PhantomPatient.Create(3), modality, Small).Voxels, Phantom.Render(PhantomPatient.Create(3), modality, Small).Voxels);
        Assert.NotEqual(Phantom.Render(PhantomPatient.Create(3), modality, Small).Voxels, Phantom.Render(PhantomPatient.Create(4), modality, Small).Voxels);
    }

    [Fact]
    public void Random_FirstNumbers_AreTheSameForEver()
    {
        var r = new PhantomRandom(1, 2);
        Assert.Equal((0x285018B21697065UL, 0xD7A56AC524857D2FUL), (r.NextBits(), r.NextBits()));
    }

    [Fact]
    public void SpinEcho_T1White_AboveGrey_AboveCsf_AndT2TheReverse()
    {
        float T1(Tissue t) => TissueProperties.SpinEcho(t, 550, 15);
        float T2(Tissue t) => TissueProperties.SpinEcho(t, 4000, 90);
        Assert.True(T1(Tissue.White) > 1.1 * T1(Tissue.Grey) && T1(Tissue.Grey) > 1.5 * T1(Tissue.Csf));
        Assert.True(T2(Tissue.Csf) > 1.5 * T2(Tissue.Grey) && T2(Tissue.Grey) > 1.2 * T2(Tissue.White));
        // PD (1 - exp(-TR/T1)) exp(-TE/T2) of white matter by hand: 0.77 * (1 - e^-1.1) * e^-(15/70).
        Assert.Equal(0.77 * 0.667129 * 0.807110, T1(Tissue.White), 1e-4);
    }

    [Fact]
    public void Render_Ct_HasBoneAirAndBrainWhereTheTruthHasThem()
    {
        var patient = PhantomPatient.Create(8);
        var truth = Phantom.Truth(patient, PhantomModality.Ct, Small);
        var image = Phantom.Render(patient, PhantomModality.Ct, Small);
        double MeanWhere(Func<float, bool> where) => Enumerable.Range(0, truth.Voxels.Length).Where(i => where(truth.Voxels[i])).Average(i => image.Voxels[i]);
        Assert.Equal(-1000, MeanWhere(v => v == -1000), 1.0);
        Assert.Equal(34, MeanWhere(v => v is > 28 and < 40), 8.0);
        Assert.True(MeanWhere(v => v > 1000) > 1000);
        var head = truth.Voxels.Count(v => v > -300) * 3.8 * 3.8 * 15 / 1000;
        Assert.InRange(head, 2200, 5000);
    }

    [Fact]
    public void Render_Ct_NoiseAndCuppingAreThoseOfAScanner()
    {
        var grid = new PhantomGrid(128, 6, 1.9, 20);
        var patient = PhantomPatient.Create(9);
        var truth = Phantom.Truth(patient, PhantomModality.Ct, grid);
        var image = Phantom.Render(patient, PhantomModality.Ct, grid);
        double centre = 0, rim = 0, square = 0;
        int centreCount = 0, rimCount = 0;
        for (var i = 0; i < truth.Voxels.Length; i++)
        {
            if (truth.Voxels[i] is < 25 or > 42)
                continue;
            var p = grid.Geometry.PositionMm(i % 128, i / 128 % 128, i / (128 * 128)) - patient.ShiftMm;
            var r = Math.Sqrt(p.X * p.X + p.Y * p.Y);
            var error = image.Voxels[i] - truth.Voxels[i];
            if (r < 25)
                (centre, square, centreCount) = (centre + error, square + error * error, centreCount + 1);
            else if (r > 55)
                (rim, rimCount) = (rim + error, rimCount + 1);
        }
        Assert.InRange(rim / rimCount - centre / centreCount, 4, 14);
        Assert.InRange(Math.Sqrt(square / centreCount - Math.Pow(centre / centreCount, 2)), 4.5, 9);
    }

    [Fact]
    public void Render_Mr_AirIsRicianNotZero()
    {
        var patient = PhantomPatient.Create(10);
        var truth = Phantom.Truth(patient, PhantomModality.MrT1, Small);
        var image = Phantom.Render(patient, PhantomModality.MrT1, Small);
        var air = Enumerable.Range(0, truth.Voxels.Length).Where(i => truth.Voxels[i] == 0).Select(i => (double)image.Voxels[i]).ToArray();
        // Without signal the magnitude is Rayleigh: the standard deviation is 0.5227 of the mean.
        var mean = air.Average();
        Assert.InRange(mean, 0.01, 0.05);
        Assert.Equal(0.5227, Math.Sqrt(air.Average(a => (a - mean) * (a - mean))) / mean, 0.02);
    }

    [Fact]
    public void Render_TwoPatients_AreNoNearCopies()
    {
        var volumes = Enumerable.Range(100, 8).Select(s => Phantom.Render(PhantomPatient.Create(s), PhantomModality.MrT1, PhantomGrid.Default)).ToArray();
        var slices = volumes.Select(v =>
        {
            var grid = InPlaneGrid.For(v, 64);
            return Enumerable.Range(0, 24).Select(k => grid.Sample(v, k, 0)).ToArray();
        }).ToArray();
        var nearest = new List<double>();
        for (var a = 0; a < 8; a++)
            for (var k = 0; k < 24; k++)
                nearest.Add(Enumerable.Range(0, 8).Where(b => b != a)
                    .Max(b => Enumerable.Range(Math.Max(0, k - 2), Math.Min(24, k + 3) - Math.Max(0, k - 2)).Max(j => Correlation(slices[a][k], slices[b][j]))));
        // The same head imaged twice differs by noise alone.
        var copy = Correlation(slices[0][12], [.. slices[0][12].Zip(Noise(64 * 64), (v, n) => (float)(v + 0.02 * n))]);
        Assert.True(copy > 0.99, $"a copy correlates by {copy:0.000}");
        Assert.True(nearest.Max() < 0.97, $"two patients correlate by {nearest.Max():0.000}");
        Assert.True(nearest.Average() < 0.92, $"the nearest other patient correlates by {nearest.Average():0.000}");
    }

    [Fact]
    public void Create_ManyPatients_VaryInEverythingThatMakesAPerson()
    {
        var patients = Enumerable.Range(0, 200).Select(PhantomPatient.Create).ToArray();
        Assert.InRange(patients.Count(p => p.Lesion != LesionKind.None), 50, 110);
        Assert.True(patients.Max(p => p.Ventricles) / patients.Min(p => p.Ventricles) > 2);
        Assert.True(patients.Max(p => p.SkullMm) / patients.Min(p => p.SkullMm) > 1.8);
        Assert.Equal(200, patients.Select(p => p.Fold.Phase).Distinct().Count());
    }

    private static IEnumerable<double> Noise(int count)
    {
        var random = new PhantomRandom(99);
        return Enumerable.Range(0, count).Select(_ => random.Normal()).ToArray();
    }

    private static double Correlation(float[] a, float[] b)
    {
        double ma = a.Average(), mb = b.Average(), ab = 0, aa = 0, bb = 0;
        for (var i = 0; i < a.Length; i++)
        {
            ab += (a[i] - ma) * (b[i] - mb);
            aa += (a[i] - ma) * (a[i] - ma);
            bb += (b[i] - mb) * (b[i] - mb);
        }
        return ab / Math.Sqrt(aa * bb);
    }
}
