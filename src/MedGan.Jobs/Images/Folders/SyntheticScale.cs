using FellowOakDicom;
using MedGan.Dicom.Synthetic;
using MedGan.Dicom.Volumes;

namespace MedGan.Jobs.Images.Folders;

/// <summary>
/// MR images of our own are written on the scale that models see (<see cref="SyntheticSeriesWriter.MrStoredUnit"/> is 1.0). Measured against their own brightest
/// foreground, as a scanner's images have to be, they would lose what a model made too dark or too bright - which an evaluation is to find.
/// </summary>
internal static class SyntheticScale
{
    /// <summary>True for an image that we wrote.</summary>
    public static bool IsOurs(DicomDataset d) => Is(d, DicomTag.SyntheticData, "YES") && Is(d, DicomTag.Manufacturer, "MedGan");

    /// <summary>The volume on the scale that it was written with, where it is of our own; else as it is.</summary>
    public static Volume Restore(Volume volume, DicomDataset d)
    {
        if (volume.Modality != Modality.MR || !IsOurs(d)) return volume;
        var factor = (float)(volume.MrUnit / SyntheticSeriesWriter.MrStoredUnit);
        return new Volume(Modality.MR, volume.Geometry, Array.ConvertAll(volume.Voxels, value => value * factor), SyntheticSeriesWriter.MrStoredUnit);
    }

    private static bool Is(DicomDataset d, DicomTag tag, string value) => d.TryGetString(tag, out var text) && text?.Trim() == value;
}
