using MedGan.Dicom.Rendering;
using MedGan.Dicom.Volumes;
using MedGan.Jobs.Images;

namespace MedGan.Jobs.Ingest;

/// <summary>One picture that shows a whole series: up to 24 slices, evenly chosen.</summary>
internal static class SeriesPreview
{
    private const int Columns = 6, MostSlices = 24;

    public static byte[] Png(Volume volume)
    {
        var sheet = new ContactSheet(cellPixels: 160);
        var pictures = Pictures.OfSlices(volume, [.. Enumerable.Range(0, volume.Geometry.Slices)], MostSlices);
        foreach (var row in pictures.Chunk(Columns)) sheet.Row(volume.Modality.ToString(), row);
        return sheet.ToPng();
    }
}
