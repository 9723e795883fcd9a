using Xunit;

namespace MedGan.Phantoms.Tests;

public sealed class PhantomSliceTests
{
    private const int Size = 64;
    private const double SpacingMm = 3.8;

    private static readonly PhantomSlice[] Lesions = [.. Enumerable.Range(70_000, 60).Select(seed => PhantomSlice.Create(seed, LesionKind.Haemorrhage, Size)).Where(s => s.Planted is { RadiusMm: >= 5 })];

    [Fact]
    public void Create_SameSeed_SameSlice()
    {
        var (one, other) = (PhantomSlice.Create(70_000, LesionKind.Haemorrhage, Size), PhantomSlice.Create(70_000, LesionKind.Haemorrhage, Size));
        Assert.Equal(one.Hounsfield, other.Hounsfield);
        Assert.Equal(one.Planted, other.Planted);
    }

    [Fact]
    public void Lesion_ChangesItsSurroundingsOnly_AndIsDenser()
    {
        foreach (var slice in Lesions[..5])
        {
            var healthy = PhantomSlice.Create(slice.Seed, LesionKind.None, Size);
            Assert.Null(healthy.Planted);
            var changed = Enumerable.Range(0, Size * Size).Where(i => Math.Abs(slice.Hounsfield[i] - healthy.Hounsfield[i]) > 0.01).ToArray();
            Assert.NotEmpty(changed);
            // at most 1.2 times the largest radius, a quarter of it of oedema, and the edge is warped by some millimetres
            Assert.All(changed, i => Assert.InRange(DistanceMm(i, slice.Planted!), 0, 45));
            // blood is 68 HU, brain 29 to 39; the noise is the same in both
            Assert.InRange(changed.Max(i => slice.Hounsfield[i] - healthy.Hounsfield[i]), 20, 65);
        }
    }

    [Fact]
    public void Lesions_LieWhereTheyAreSaidTo_OnBothSides()
    {
        Assert.True(Lesions.Length > 40);
        // 26 to 44 mm from the middle, moved and turned with the head by some 10 mm
        Assert.All(Lesions, s => Assert.InRange(Math.Abs(s.Planted!.AcrossMm), 10, 62));
        Assert.InRange(Lesions.Count(s => s.Planted!.AcrossMm > 0), Lesions.Length / 4, Lesions.Length * 3 / 4);
        Assert.All(Lesions, s => Assert.InRange(s.Planted!.RadiusMm, 5, 21));
    }

    [Fact]
    public void Reading_FindsWhatWasPlanted_AndNothingInHealthyHeads()
    {
        var read = Lesions.Select(s => (Planted: s.Planted!, Found: HaemorrhageReading.Find(s.Hounsfield, Size, SpacingMm))).ToArray();
        Assert.True(read.Count(r => r.Found is not null) >= 0.85 * read.Length);
        var found = read.Where(r => r.Found is not null).ToArray();
        Assert.True(found.Count(r => double.Hypot(r.Found!.AcrossMm - r.Planted.AcrossMm, r.Found.DownMm - r.Planted.DownMm) < 5) >= 0.8 * found.Length);
        Assert.True(found.Count(r => Math.Abs(r.Found!.RadiusMm - r.Planted.RadiusMm) < 4) >= 0.8 * found.Length);
        Assert.All(Lesions[..20], s => Assert.Null(HaemorrhageReading.Find(PhantomSlice.Create(s.Seed, LesionKind.None, Size).Hounsfield, Size, SpacingMm)));
    }

    [Fact]
    public void Reading_OfADiscInAnEmptySkull_IsThatDisc()
    {
        var hu = new float[Size * Size];
        for (var i = 0; i < hu.Length; i++)
        {
            var (fromMiddle, fromDisc) = (double.Hypot(i % Size - 31.5, i / Size - 31.5), double.Hypot(i % Size - 40, i / Size - 25));
            hu[i] = fromMiddle > 28 ? -1000 : fromMiddle > 25 ? 1000 : fromDisc <= 5 ? 70 : 30;
        }
        var found = HaemorrhageReading.Find(hu, Size, spacingMm: 2)!;
        Assert.Equal((40 - 31.5) * 2, found.AcrossMm, 1e-9);
        Assert.Equal((25 - 31.5) * 2, found.DownMm, 1e-9);
        Assert.InRange(found.RadiusMm, 9, 11); // of 10 mm
        Assert.Null(HaemorrhageReading.Find([.. hu.Select(v => v == 70 ? 30 : v)], Size, spacingMm: 2));
        Assert.Null(HaemorrhageReading.Find([.. hu.Select(v => v == 1000 ? 30 : v)], Size, spacingMm: 2)); // no skull, no brain
    }

    private static double DistanceMm(int pixel, LesionOutline lesion) =>
        double.Hypot((pixel % Size - (Size - 1) / 2.0) * SpacingMm - lesion.AcrossMm, (pixel / Size - (Size - 1) / 2.0) * SpacingMm - lesion.DownMm);
}
