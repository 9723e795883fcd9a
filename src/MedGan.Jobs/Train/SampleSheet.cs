using MedGan.Dicom.Rendering;
using MedGan.Dicom.Volumes;
using MedGan.Jobs.Images;
using MedGan.Models.Training;

namespace MedGan.Jobs.Train;

/// <summary>What a model makes of the same few images as it learns: a row each of real, synthetic and cycle.</summary>
internal static class SampleSheet
{
    /// <summary>The sheet: CT to MR and back in the upper rows, MR to CT and back below.</summary>
    public static ContactSheet Of(SampleGrid grid)
    {
        var sheet = new ContactSheet(Math.Clamp(grid.Size, 96, 192)).Columns("real", "synthetic", "cycle");
        for (var i = 0; i < grid.A.Length; i++)
            sheet.Row("CT > MR", [Picture(Modality.CT, grid.A[i]), Picture(Modality.MR, grid.AToB[i]), Picture(Modality.CT, grid.AToBToA[i])]);
        for (var i = 0; i < grid.B.Length; i++)
            sheet.Row("MR > CT", [Picture(Modality.MR, grid.B[i]), Picture(Modality.CT, grid.BToA[i]), Picture(Modality.MR, grid.BToAToB[i])]);
        return sheet;

        GrayImage Picture(Modality modality, float[] image) => Pictures.OfModelImage(modality, image, grid.Size);
    }
}
