using MedGan.Dicom.Volumes;
using MedGan.Phantoms;
using Xunit;

namespace MedGan.Dicom.Tests.Volumes;

public sealed class BodyMaskTests
{
    private static readonly PhantomGrid Grid = new(96, 10, 2.5, 11);

    [Fact]
    public void Of_SameHeadInCtAndMr_Overlaps()
    {
        foreach (var seed in new[] { 21, 22 })
        {
            var patient = PhantomPatient.Create(seed);
            var ct = BodyMask.Of(Phantom.Render(patient, PhantomModality.Ct, Grid));
            var mr = BodyMask.Of(Phantom.Render(patient, PhantomModality.MrT1, Grid));
            double both = ct.Zip(mr).Count(p => p.First && p.Second);
            Assert.InRange(2 * both / (ct.Count(c => c) + mr.Count(m => m)), 0.97, 1);
        }
    }

    [Fact]
    public void Of_Ct_HoldsAllTissueAndNoAirOutside()
    {
        var patient = PhantomPatient.Create(23);
        var truth = Phantom.Truth(patient, PhantomModality.Ct, Grid);
        var mask = BodyMask.Of(Phantom.Render(patient, PhantomModality.Ct, Grid));
        var tissue = Enumerable.Range(0, mask.Length).Where(i => truth.Voxels[i] > -150).ToArray();
        Assert.True(tissue.Count(i => mask[i]) > 0.985 * tissue.Length);
        Assert.False(mask[0]);
        var area = mask.Count(m => m) / 10.0 * 2.5 * 2.5;
        Assert.InRange(area, 12_000, 36_000);
    }

    [Fact]
    public void Of_HeadRestBelowTheHead_IsLeftOut()
    {
        var v = Phantom.Render(PhantomPatient.Create(24), PhantomModality.Ct, Grid);
        var without = BodyMask.Of(v);
        for (var k = 0; k < 10; k++)
            for (var x = 20; x < 76; x++)
                v.Voxels[(k * 96 + 90) * 96 + x] = 100;
        Assert.Equal(without, BodyMask.Of(v));
    }

    [Fact]
    public void Of_OnlyAir_IsEmpty()
    {
        var g = Grid.Geometry;
        var air = new float[g.Length];
        Array.Fill(air, -1000f);
        Assert.DoesNotContain(true, BodyMask.Of(new Volume(Modality.CT, g, air)));
    }
}
