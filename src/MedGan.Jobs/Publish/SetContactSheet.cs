using MedGan.Dicom.Rendering;
using MedGan.Dicom.Volumes;
using MedGan.Jobs.Images;

namespace MedGan.Jobs.Publish;

/// <summary>A set at one glance: a row for each series, CT first, of slices that were released and of nothing else.</summary>
internal sealed class SetContactSheet
{
    private const int SlicesPerSeries = 8, MostSeries = 40;

    private readonly List<(Modality Modality, string Patient, IReadOnlyList<GrayImage> Slices)> rows = [];

    /// <summary>Adds a series by its released slices.</summary>
    public void Add(string patient, Volume volume, IReadOnlyList<int> released)
    {
        if (released.Count == 0 || rows.Count == MostSeries) return;
        rows.Add((volume.Modality, patient, Pictures.OfSlices(volume, released, SlicesPerSeries)));
    }

    /// <summary>The sheet as a PNG file; null when nothing was released.</summary>
    public byte[]? ToPng()
    {
        if (rows.Count == 0) return null;
        var sheet = new ContactSheet(cellPixels: 128);
        foreach (var row in rows.OrderBy(row => row.Modality)) sheet.Row($"{row.Modality} {row.Patient}", row.Slices);
        return sheet.ToPng();
    }
}
