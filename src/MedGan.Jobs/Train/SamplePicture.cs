using MedGan.Dicom.Rendering;
using MedGan.Dicom.Volumes;
using MedGan.Jobs.Images;
using MedGan.Models.Training;

namespace MedGan.Jobs.Train;

/// <summary>What a row of samples shows.</summary>
/// <param name="Label">Beside the row.</param>
/// <param name="Columns">The modality of each of its images.</param>
internal sealed record SampleRow(string Label, IReadOnlyList<Modality> Columns);

/// <summary>What a model makes of the same few images as it learns, in the units that people know.</summary>
internal static class SamplePicture
{
    /// <param name="sheet">As the method gave it.</param>
    /// <param name="columns">What each column is.</param>
    /// <param name="rows">What each of its rows shows.</param>
    public static ContactSheet Of(SampleSheet sheet, string[] columns, IReadOnlyList<SampleRow> rows)
    {
        var picture = new ContactSheet(Math.Clamp(sheet.Width, 96, 192)).Columns(columns);
        foreach (var (row, images) in rows.Zip(sheet.Images.Chunk(sheet.Columns)))
            picture.Row(row.Label, [.. row.Columns.Zip(images, (modality, image) => Pictures.OfModelImage(modality, image, sheet.Width))]);
        return picture;
    }
}
