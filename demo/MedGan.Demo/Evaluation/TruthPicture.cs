using MedGan.Demo.Cohorts;
using MedGan.Dicom.Rendering;
using MedGan.Dicom.Volumes;

namespace MedGan.Demo.Evaluation;

/// <summary>Held-out patients side by side: MR as scanned, synthetic CT, true CT, absolute difference.</summary>
internal static class TruthPicture
{
    private const int Rows = 4, CellPixels = 192;
    private static readonly Window WholeRange = new(200, 2000);
    private const double WhiteHu = 500;

    /// <returns>PNG, or null where no held-out patient has a released slice.</returns>
    public static byte[]? Png(IEnumerable<EvaluatedPatient> mrPatients)
    {
        var patients = mrPatients.Where(patient => patient.Split != "Train" && patient.Released.Count > 0).Take(Rows).ToList();
        if (patients.Count == 0) return null;
        var sheet = new ContactSheet(CellPixels).Columns("MR as scanned", "synthetic CT", "true CT", "difference");
        foreach (var patient in patients) sheet.Row(patient.Split, Images(patient));
        return sheet.ToPng();
    }

    private static GrayImage[] Images(EvaluatedPatient patient)
    {
        var (truth, scan) = (patient.Truth.OtherModality, patient.Truth.Scan);
        var middle = truth.Geometry.OriginMm.Z + 0.6 * truth.Geometry.Slices * truth.Geometry.SliceSpacingMm;
        var released = patient.Released.MinBy(slice => Math.Abs(slice.PositionZMm - middle))!;
        var k = (int)Math.Round((released.PositionZMm - truth.Geometry.OriginMm.Z) / truth.Geometry.SliceSpacingMm);
        float[] difference = [.. truth.Slice(k).ToArray().Zip(released.Values, (t, s) => Math.Abs(t - s))];
        return [SliceRenderer.Render(scan, k), Slice(truth, released.Values, WholeRange), SliceRenderer.Render(truth, k, WholeRange), Slice(truth, difference, new Window(WhiteHu / 2, WhiteHu))];
    }

    private static GrayImage Slice(Volume like, float[] values, Window window) =>
        SliceRenderer.Render(new Volume(Modality.CT, like.Geometry with { Slices = 1 }, values), 0, window);
}
