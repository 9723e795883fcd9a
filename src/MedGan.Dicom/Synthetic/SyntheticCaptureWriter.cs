using System.Globalization;
using System.Runtime.InteropServices;
using FellowOakDicom;

namespace MedGan.Dicom.Synthetic;

/// <summary>
/// Writes generated pictures that have no place in a patient and no physical unit as Secondary Capture Image Storage (PS3.3 A.8.1), grey with 16 bits: made by a
/// workstation (Conversion Type SYN), not by the scanner that a CT or MR image would claim.
/// </summary>
public static class SyntheticCaptureWriter
{
    /// <summary>One file.</summary>
    /// <param name="columns">Pixels in a row.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="pixels">[row, column], black 0, white 65535.</param>
    /// <param name="study">What names it.</param>
    /// <param name="instanceNumber">Instance Number (0020,0013): what tells apart the images of a series, at least 1.</param>
    public static DicomFile Write(int columns, int rows, ReadOnlySpan<ushort> pixels, SyntheticStudy study, int instanceNumber)
    {
        if (pixels.Length != columns * rows)
            throw new ArgumentException($"{pixels.Length} pixels do not make an image of {columns} x {rows}.", nameof(pixels));
        var d = new DicomDataset(DicomTransferSyntax.ExplicitVRLittleEndian);
        d.Add(DicomTag.SpecificCharacterSet, "ISO_IR 192");
        d.Add(DicomTag.SOPClassUID, DicomUID.SecondaryCaptureImageStorage);
        d.Add(DicomTag.SOPInstanceUID, SyntheticUid.Create("instance", study.SeriesInstanceUid, (instanceNumber - 1).ToString(CultureInfo.InvariantCulture)));
        SyntheticModules.AddPatientAndStudy(d, study);
        SyntheticModules.AddSeries(d, "OT", "Synthetic image", study, instanceNumber);
        d.Add(DicomTag.Laterality, "");
        d.Add(DicomTag.ConversionType, "SYN");
        d.Add(DicomTag.PatientOrientation, "");
        d.Add(DicomTag.ImageType, "DERIVED", "SECONDARY");
        d.Add(DicomTag.WindowCenter, "32768");
        d.Add(DicomTag.WindowWidth, "65536");
        ImageModules.AddPixels(d, columns, rows, MemoryMarshal.Cast<ushort, short>(pixels), 16, signed: false);
        SyntheticModules.AddLabel(d, "image", study);
        var file = new DicomFile(d);
        // fo-dicom would write the machine's name.
        file.FileMetaInfo.SourceApplicationEntityTitle = "MEDGAN";
        return file;
    }
}
