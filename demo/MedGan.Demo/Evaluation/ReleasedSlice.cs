using FellowOakDicom;
using MedGan.Dicom.Codecs;

namespace MedGan.Demo.Evaluation;

/// <summary>One released synthetic slice, read back from the DICOM file that the researcher downloaded.</summary>
/// <param name="PositionZMm">Its place along the patient's axis.</param>
/// <param name="Values">HU for CT; stored MR values for MR.</param>
internal sealed record ReleasedSlice(string SeriesInstanceUid, double PositionZMm, float[] Values)
{
    /// <summary>Reads every DICOM file below a folder.</summary>
    public static ILookup<string, ReleasedSlice> ReadAll(string folder) =>
        Directory.EnumerateFiles(folder, "*.dcm", SearchOption.AllDirectories).Select(Read).ToLookup(slice => slice.SeriesInstanceUid);

    private static ReleasedSlice Read(string file)
    {
        var dicom = DicomFile.Open(file);
        var data = dicom.Dataset;
        var slope = data.GetSingleValueOrDefault(DicomTag.RescaleSlope, 1.0);
        var intercept = data.GetSingleValueOrDefault(DicomTag.RescaleIntercept, 0.0);
        return new(data.GetSingleValue<string>(DicomTag.SeriesInstanceUID), data.GetValue<double>(DicomTag.ImagePositionPatient, 2),
            [.. FrameDecoder.Decode(dicom).Values.Select(value => (float)(value * slope + intercept))]);
    }
}
