using FellowOakDicom;
using MedGan.Dicom.Synthetic;
using MedGan.Dicom.Volumes;
using MedGan.Phantoms.Series;

namespace MedGan.Phantoms;

/// <summary>The digital head as a DICOM series, one file a slice: CT Image Storage or MR Image Storage with full, made-up headers.</summary>
/// <remarks>
/// Scanners differ in how they store values, and so do these, by the patient's seed: CT as 12 bits with intercept -1024
/// or as 16 bits signed with a padding value outside of the reconstruction circle; MR as 12 bits on a scale of its own.
/// </remarks>
public static class PhantomSeries
{
    private const short CtPadding = -2000;

    /// <summary>Writes IM0001.dcm and so on into a folder, which is made where there is none; returns the paths.</summary>
    public static IReadOnlyList<string> Write(PhantomPatient patient, PhantomModality modality, string folder, PhantomGrid? grid = null)
    {
        Directory.CreateDirectory(folder);
        var paths = new List<string>();
        foreach (var file in Create(patient, modality, grid))
        {
            paths.Add(Path.Combine(folder, $"IM{paths.Count + 1:D4}.dcm"));
            file.Save(paths[^1]);
        }
        return paths;
    }

    /// <summary>The same series in memory.</summary>
    public static IReadOnlyList<DicomFile> Create(PhantomPatient patient, PhantomModality modality, PhantomGrid? grid = null)
    {
        var volume = Phantom.Render(patient, modality, grid ?? PhantomGrid.Default);
        var header = new PhantomHeader(patient, modality);
        return [.. Enumerable.Range(0, volume.Geometry.Slices).Select(k =>
        {
            var d = header.Create(k);
            ImageModules.AddPlane(d, volume.Geometry, k, header.FrameOfReferenceUid);
            if (modality == PhantomModality.Ct)
                AddCtPixels(d, volume, k, signed: patient.Seed % 2 != 0);
            else
                AddMrPixels(d, volume, k, unit: 700 + new PhantomRandom(patient.Seed, 8).Below(1700));
            var file = new DicomFile(d);
            file.FileMetaInfo.SourceApplicationEntityTitle = "PHANTOM_AE";
            return file;
        })];
    }

    private static void AddCtPixels(DicomDataset d, Volume v, int k, bool signed)
    {
        var g = v.Geometry;
        var intercept = signed ? 0 : -1024;
        var slice = v.Slice(k);
        var stored = new short[slice.Length];
        for (var i = 0; i < stored.Length; i++)
            stored[i] = (short)(Math.Clamp(MathF.Round(slice[i]), -1024, 3071) - intercept);
        if (signed)
        {
            PadOutsideCircle(stored, g.Columns, g.Rows);
            d.Add(new DicomSignedShort(DicomTag.PixelPaddingValue, CtPadding));
        }
        d.Add(DicomTag.RescaleIntercept, ImageModules.Decimals(intercept));
        d.Add(DicomTag.RescaleSlope, "1");
        d.Add(DicomTag.RescaleType, "HU");
        d.Add(DicomTag.WindowCenter, "40");
        d.Add(DicomTag.WindowWidth, "80");
        ImageModules.AddPixels(d, g, stored, signed ? (ushort)16 : (ushort)12, signed);
    }

    private static void PadOutsideCircle(short[] stored, int columns, int rows)
    {
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
            {
                double x = (column + 0.5) * 2 / columns - 1, y = (row + 0.5) * 2 / rows - 1;
                if (x * x + y * y > 1)
                    stored[row * columns + column] = CtPadding;
            }
    }

    private static void AddMrPixels(DicomDataset d, Volume v, int k, int unit)
    {
        var slice = v.Slice(k);
        var stored = new short[slice.Length];
        for (var i = 0; i < stored.Length; i++)
            stored[i] = (short)Math.Clamp(MathF.Round(slice[i] * unit), 0, 4095);
        d.Add(DicomTag.SpacingBetweenSlices, ImageModules.Decimals(v.Geometry.SliceSpacingMm));
        d.Add(DicomTag.WindowCenter, ImageModules.Decimals(unit / 2));
        d.Add(DicomTag.WindowWidth, ImageModules.Decimals(unit));
        ImageModules.AddPixels(d, v.Geometry, stored, 12, signed: false);
    }
}
