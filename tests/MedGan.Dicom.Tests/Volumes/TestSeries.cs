using FellowOakDicom;
using MedGan.Dicom.Synthetic;
using MedGan.Dicom.Volumes;

namespace MedGan.Dicom.Tests.Volumes;

/// <summary>Small series whose true values are a known linear function of the place in the patient: resampling must reproduce them exactly.</summary>
internal static class TestSeries
{
    public const int Columns = 20, Rows = 16;

    public static double Truth(Vector3d p) => 200 + 3 * p.X - 2 * p.Y + 5 * p.Z;

    /// <summary>Slices at the given heights along z; the n-th is moved sideways along y by <paramref name="shearPerMm"/> for each mm.</summary>
    public static List<DicomFile> At(double[] heightsMm, double shearPerMm = 0, Modality modality = Modality.CT, double? thicknessMm = null, Action<DicomDataset, int>? change = null) =>
        [.. heightsMm.Select((z, k) =>
        {
            var origin = new Vector3d(-9.5, -7.5 + shearPerMm * (z - heightsMm[0]), z);
            var g = new VolumeGeometry(Columns, Rows, 1, origin, new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), 1, 1, thicknessMm ?? 1);
            var stored = new short[g.SliceLength];
            for (var i = 0; i < stored.Length; i++)
                stored[i] = (short)Math.Round(Truth(g.PositionMm(i % Columns, i / Columns, 0)) * 10);
            var d = new DicomDataset(DicomTransferSyntax.ExplicitVRLittleEndian);
            d.Add(DicomTag.SOPClassUID, modality == Modality.CT ? DicomUID.CTImageStorage : DicomUID.MRImageStorage);
            d.Add(DicomTag.SOPInstanceUID, SyntheticUid.Create("test", k.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            ImageModules.AddPlane(d, g, 0, "2.25.1");
            if (thicknessMm is null)
                d.Remove(DicomTag.SliceThickness);
            d.Add(DicomTag.RescaleSlope, "0.1");
            d.Add(DicomTag.RescaleIntercept, "0");
            ImageModules.AddPixels(d, g, stored, 16, signed: true);
            change?.Invoke(d, k);
            return new DicomFile(d);
        })];

    public static double[] Even(int count, double step) => [.. Enumerable.Range(0, count).Select(i => i * step)];
}
