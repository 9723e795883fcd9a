using MedGan.Dicom.Volumes;
using MedGan.Phantoms.Anatomy;
using MedGan.Phantoms.Scanners;

namespace MedGan.Phantoms;

/// <summary>
/// One axial CT slice through a made-up patient's brain, and what was planted in it. A lesion's centre and radius are drawn as <see cref="PhantomPatient.Create"/> draws them - in the head's own
/// coordinates uniformly 26 .. 44 mm to either side, -38 .. 42 mm from front to back, 6 .. 38 mm up; radius 7 .. 17 mm -, the slice cuts it at most half a radius above or below its centre.
/// Slices without a lesion lie at heights drawn alike, so that classes differ in the lesion alone.
/// </summary>
/// <param name="Seed">The patient's.</param>
/// <param name="Size">Pixels per side.</param>
/// <param name="PixelSpacingMm">Of a square pixel.</param>
/// <param name="Hounsfield">HU, row after row, with noise and cupping.</param>
/// <param name="Planted">What can be seen of the lesion's core; null where there is none.</param>
public sealed record PhantomSlice(int Seed, int Size, double PixelSpacingMm, float[] Hounsfield, LesionOutline? Planted)
{
    private const double FieldOfViewMm = 243.2, SliceMm = 5;

    /// <summary>The slice of a seed: the same patient as <see cref="PhantomPatient.Create"/> makes, with this lesion in the place of the patient's own.</summary>
    /// <param name="seed">Of the patient.</param>
    /// <param name="lesion">What is planted.</param>
    /// <param name="size">Pixels per side, at least 16; the field of view is 243.2 mm.</param>
    public static PhantomSlice Create(int seed, LesionKind lesion, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 16);
        var patient = PhantomPatient.Create(seed) with { Lesion = lesion };
        var grid = new PhantomGrid(size, Slices: 1, FieldOfViewMm / size, SliceMm);
        var middle = grid.Geometry.PositionMm(0, 0, 0).Z;
        patient = patient with { ShiftMm = patient.ShiftMm with { Z = patient.ShiftMm.Z + middle - CutMm(patient) } };
        var raster = TissueRaster.Of(patient, grid);
        var hu = CtScanner.Ideal(patient, raster);
        CtScanner.AddArtefacts(patient, raster, hu);
        return new PhantomSlice(seed, size, grid.PixelSpacingMm, hu, Outline(lesion, raster));
    }

    // where the slice cuts the head, in the scanner
    private static double CutMm(PhantomPatient patient)
    {
        var (x, y, z) = Pose.Axes(patient.Rotation);
        var (centre, scale) = (patient.LesionCentreMm, patient.Scale);
        var height = new PhantomRandom(patient.Seed, 3).Uniform(-0.5, 0.5) * patient.LesionRadiusMm;
        return patient.ShiftMm.Z + x.Z * centre.X * scale.X + y.Z * centre.Y * scale.Y + z.Z * (centre.Z + height) * scale.Z;
    }

    private static LesionOutline? Outline(LesionKind lesion, TissueRaster raster)
    {
        var core = lesion switch { LesionKind.Tumour => Tissue.Tumour, LesionKind.Haemorrhage => Tissue.Blood, _ => Tissue.Infarct };
        return lesion == LesionKind.None ? null : LesionOutline.Of(raster.Mean(tissue => tissue == core ? 1 : 0), raster.Geometry.Columns, raster.Geometry.ColumnSpacingMm);
    }
}
