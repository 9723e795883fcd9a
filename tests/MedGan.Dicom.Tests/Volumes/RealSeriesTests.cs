using System.Text.Json;
using FellowOakDicom;
using MedGan.Dicom.Tests.Reference;
using MedGan.Dicom.Volumes;
using MedGan.Testing;
using Xunit;

namespace MedGan.Dicom.Tests.Volumes;

/// <summary>Real series against values that pydicom and numpy find at the same places of the patient.</summary>
public sealed class RealSeriesTests
{
    [Fact]
    public void Read_TiltedUnevenCt_AgreesWithNumpyAtPhysicalPoints()
    {
        var reading = AssertAgrees("CT_GE_HiSpeed_head", tolerance: 0.05);
        Assert.Contains(reading.Notes, n => n.Contains("Gantry tilt of 18.5 degrees"));
        Assert.Contains(reading.Notes, n => n.Contains("28 slices interpolated linearly to 37 slices every 4 mm"));
        var g = reading.Volume.Geometry;
        // atan(0.3173047 / 0.9483237) of the header's orientation; (0018,1120) says +18.5.
        Assert.Equal(18.5, Math.Acos(g.SliceDirection.Z) * 180 / Math.PI, 0.05);
        Assert.Equal((512, 611, 37), (g.Columns, g.Rows, g.Slices));
    }

    [Fact]
    public void Read_ObliqueMr_AgreesWithNumpyAtPhysicalPoints()
    {
        var reading = AssertAgrees("MR_T1w_axial", tolerance: 0.001);
        Assert.Empty(reading.Notes);
        Assert.Equal((274, 384, 48), (reading.Volume.Geometry.Columns, reading.Volume.Geometry.Rows, reading.Volume.Geometry.Slices));
        Assert.Equal(1.3333, reading.Volume.Geometry.SliceSpacingMm, 0.0001);
        Assert.True(reading.Volume.Geometry.IsAxial);
    }

    private static VolumeReading AssertAgrees(string series, double tolerance)
    {
        Assert.SkipUnless(SharedData.Exists, SharedData.WhyAbsent);
        Assert.SkipUnless(SystemPrograms.HasPydicom, "python3-pydicom is not installed: ./medgan setup --tests");
        var folder = SharedData.Path("dicom_series", series);
        var reading = VolumeReader.Read([.. Directory.GetFiles(folder).Select(f => DicomFile.Open(f))]);
        var (v, g) = (reading.Volume, reading.Volume.Geometry);
        var random = new PhantomPoints(v);
        var voxels = Enumerable.Range(0, 400).Select(_ => random.Next()).ToArray();
        var points = voxels.Select(p => g.PositionMm(p.Column, p.Row, p.Slice)).Select(p => new[] { p.X, p.Y, p.Z });
        var (exit, output) = SystemPrograms.Run(SystemPrograms.Python, [SystemPrograms.Script("physical_values.py")],
            JsonSerializer.Serialize(new { folder, points }));
        Assert.Equal(0, exit);
        var expected = JsonSerializer.Deserialize<double?[]>(output)!;
        Assert.True(expected.Count(e => e is not null) > 250);
        for (var i = 0; i < voxels.Length; i++)
            if (expected[i] is { } value)
                Assert.Equal(value, v.Voxels[(voxels[i].Slice * g.Rows + voxels[i].Row) * g.Columns + voxels[i].Column] * v.MrUnit, tolerance);
        return reading;
    }

    // Places spread over the whole volume, the same in every run.
    private sealed class PhantomPoints(Volume v)
    {
        private readonly Phantoms.PhantomRandom _random = new(7);

        public (int Column, int Row, int Slice) Next() =>
            (_random.Below(v.Geometry.Columns), _random.Below(v.Geometry.Rows), _random.Below(v.Geometry.Slices));
    }
}
