using MedGan.Dicom.Volumes;
using MedGan.Phantoms;
using Xunit;

namespace MedGan.Dicom.Tests.Volumes;

public sealed class InPlaneGridTests
{
    private static Volume Ct(int columns, int rows, double dx, double dy, Func<Vector3d, double> value, int directionX = 1, int directionY = 1)
    {
        Vector3d row = new(directionX, 0, 0), column = new(0, directionY, 0);
        var g = new VolumeGeometry(columns, rows, 1, row * (-(columns - 1) / 2.0 * dx) + column * (-(rows - 1) / 2.0 * dy), row, column, new(0, 0, 1), dx, dy, 5);
        return new Volume(Modality.CT, g, [.. Enumerable.Range(0, g.Length).Select(i => (float)value(g.PositionMm(i % columns, i / columns, 0)))]);
    }

    // A body of 160 x 120 mm about (8, -6) with a smooth pattern inside.
    private static double Body(Vector3d p) =>
        Math.Abs(p.X - 8) < 80 && Math.Abs(p.Y + 6) < 60 ? 50 + 40 * Math.Sin(p.X / 9) * Math.Cos(p.Y / 11) + p.X : -1000;

    [Fact]
    public void Sample_CoarserGrid_EqualsBruteForceAreaAverage()
    {
        var v = Ct(300, 260, 0.8, 0.9, Body);
        var grid = InPlaneGrid.For(v, 64);
        var sampled = grid.Sample(v, 0, -1000);
        const int sub = 80;
        var body = Enumerable.Range(0, v.Voxels.Length).Where(i => v.Voxels[i] > -300).ToArray();
        double centreColumn = body.Average(i => i % 300), centreRow = body.Average(i => i / 300);
        foreach (var (row, column) in new[] { (20, 20), (32, 32), (17, 40), (40, 12), (47, 33) })
        {
            double sum = 0;
            for (var j = 0; j < sub; j++)
                for (var i = 0; i < sub; i++)
                {
                    // The pixel's place in the slice, from the definition: 256 mm about the centre of the body.
                    double x = ((column + (i + 0.5) / sub) / 64 - 0.5) * 256, y = ((row + (j + 0.5) / sub) / 64 - 0.5) * 256;
                    sum += v.Voxels[(int)Math.Round(centreRow + y / 0.9) * 300 + (int)Math.Round(centreColumn + x / 0.8)];
                }
            Assert.Equal(sum / (sub * sub), sampled[row * 64 + column], 1 + Math.Abs(sum / (sub * sub)) * 0.01);
        }
    }

    [Fact]
    public void Sample_BeyondTheSlice_IsOutside()
    {
        var v = Ct(100, 100, 1.5, 1.5, p => 40);
        var sampled = InPlaneGrid.For(v, 64).Sample(v, 0, -1000);
        Assert.Equal(-1000, sampled[0]);
        Assert.Equal(40, sampled[32 * 64 + 32], 0.001);
        // 150 of 256 mm are covered, so (150/256)^2 of the whole.
        Assert.Equal(-1000 + 1040 * Math.Pow(150.0 / 256, 2), sampled.Average(), 0.5);
    }

    [Theory]
    [InlineData(64, 12.5)]
    [InlineData(128, 1.5)]
    public void Restore_AfterSample_GivesTheSliceBackWithinTheGridsResolution(int size, double meanErrorHu)
    {
        var v = Ct(256, 256, 1, 1, Body);
        var grid = InPlaneGrid.For(v, size);
        var restored = new float[v.Geometry.SliceLength];
        grid.Restore(grid.Sample(v, 0, -1000), restored, -1000);
        double error = 0, plain = 0;
        var count = 0;
        for (var row = 80; row < 165; row++)
            for (var column = 70; column < 200; column++, count++)
            {
                error += Math.Abs(restored[row * 256 + column] - v.Voxels[row * 256 + column]);
                plain += Math.Abs(v.Voxels[row * 256 + column] - 50);
            }
        Assert.InRange(error / count, 0, meanErrorHu);
        Assert.True(plain / count > 25, "the pattern to be preserved is larger than the error allowed");
    }

    [Fact]
    public void Sample_OrientationTurnedRound_GivesTheSamePicture()
    {
        var usual = Ct(256, 256, 1, 1, Body);
        var turned = Ct(256, 256, 1, 1, Body, directionX: -1, directionY: -1);
        var a = InPlaneGrid.For(usual, 64).Sample(usual, 0, -1000);
        var b = InPlaneGrid.For(turned, 64).Sample(turned, 0, -1000);
        for (var i = 0; i < a.Length; i++)
            Assert.Equal(a[i], b[i], 0.01f);
        Assert.NotEqual(usual.Voxels[30], usual.Voxels[128 * 256 + 128]);
    }

    [Fact]
    public void For_SameHeadInBothModalities_CentresWithinAPixel()
    {
        var patient = PhantomPatient.Create(11);
        var grid = new PhantomGrid(96, 8, 2.5, 12);
        var ct = Phantom.Render(patient, PhantomModality.Ct, grid);
        var mr = Phantom.Render(patient, PhantomModality.MrT1, grid);
        // The same pattern sampled through both grids: the shift between them is the difference of their centres.
        var pattern = new Volume(Modality.MR, ct.Geometry, [.. Enumerable.Range(0, ct.Geometry.Length).Select(i => (float)(i % 96))]);
        var shift = InPlaneGrid.For(ct, 64).Sample(pattern, 3, 0)[32 * 64 + 32] - InPlaneGrid.For(mr, 64).Sample(pattern, 3, 0)[32 * 64 + 32];
        Assert.InRange(Math.Abs(shift) * 2.5, 0, 4);
    }
}
