using MedGan.Dicom.Rendering;
using MedGan.Dicom.Volumes;
using MedGan.Jobs.Images;

namespace MedGan.Jobs.Publish;

/// <summary>A set at one glance: a row for each series, of slices that were released and of nothing else.</summary>
internal sealed class SetContactSheet
{
    private const int SlicesPerSeries = 8, MostSeries = 40;

    private readonly ContactSheet sheet = new(cellPixels: 128);
    private int rows;

    /// <summary>Adds a series by its released slices.</summary>
    public void Add(string patient, Volume volume, IReadOnlyList<int> released)
    {
        if (released.Count == 0 || rows == MostSeries) return;
        sheet.Row($"{patient} {volume.Modality}", Pictures.OfSlices(volume, released, SlicesPerSeries));
        rows++;
    }

    /// <summary>The sheet as a PNG file; null when nothing was released.</summary>
    public byte[]? ToPng() => rows == 0 ? null : sheet.ToPng();
}
