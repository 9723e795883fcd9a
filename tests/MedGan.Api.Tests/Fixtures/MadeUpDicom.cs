using FellowOakDicom;

namespace MedGan.Api.Tests.Fixtures;

/// <summary>Small CT images of made-up patients, with headers that must never be found again.</summary>
internal static class MadeUpDicom
{
    public const string PatientName = "Grosvenor^Philippa", PatientId = "KH-4711-0815", Institution = "Hospital of Nowhere", BirthDate = "19581124";

    /// <summary>The UID root of everything made here: an original UID, to be replaced.</summary>
    public const string Root = "1.2.826.0.1.3680043.99.7";

    public static byte[] Ct(int patient = 1, int series = 1, int instance = 1, Action<DicomDataset>? change = null)
    {
        var dataSet = new DicomDataset(DicomTransferSyntax.ExplicitVRLittleEndian)
        {
            new DicomUniqueIdentifier(DicomTag.SOPClassUID, DicomUID.CTImageStorage),
            new DicomUniqueIdentifier(DicomTag.SOPInstanceUID, $"{Root}.{patient}.{series}.{instance}"),
            new DicomUniqueIdentifier(DicomTag.StudyInstanceUID, $"{Root}.{patient}"),
            new DicomUniqueIdentifier(DicomTag.SeriesInstanceUID, $"{Root}.{patient}.{series}"),
            new DicomCodeString(DicomTag.Modality, "CT"),
            new DicomPersonName(DicomTag.PatientName, PatientName),
            new DicomLongString(DicomTag.PatientID, $"{PatientId}-{patient}"),
            new DicomDate(DicomTag.PatientBirthDate, BirthDate),
            new DicomDate(DicomTag.StudyDate, "20240229"),
            new DicomLongString(DicomTag.InstitutionName, Institution),
            new DicomIntegerString(DicomTag.InstanceNumber, instance),
            new DicomDecimalString(DicomTag.ImagePositionPatient, 0m, 0m, 5m * instance),
            new DicomDecimalString(DicomTag.ImageOrientationPatient, 1m, 0m, 0m, 0m, 1m, 0m),
            new DicomDecimalString(DicomTag.PixelSpacing, 1m, 1m),
            new DicomDecimalString(DicomTag.RescaleIntercept, -1024m),
            new DicomDecimalString(DicomTag.RescaleSlope, 1m),
            new DicomUnsignedShort(DicomTag.SamplesPerPixel, 1),
            new DicomCodeString(DicomTag.PhotometricInterpretation, "MONOCHROME2"),
            new DicomUnsignedShort(DicomTag.Rows, 16),
            new DicomUnsignedShort(DicomTag.Columns, 16),
            new DicomUnsignedShort(DicomTag.BitsAllocated, 16),
            new DicomUnsignedShort(DicomTag.BitsStored, 16),
            new DicomUnsignedShort(DicomTag.HighBit, 15),
            new DicomUnsignedShort(DicomTag.PixelRepresentation, 0),
            new DicomOtherWord(DicomTag.PixelData, [.. Enumerable.Range(0, 256).Select(i => (ushort)(i * 7 + instance))]),
        };
        change?.Invoke(dataSet);
        var bytes = new MemoryStream();
        new DicomFile(dataSet).Save(bytes);
        return bytes.ToArray();
    }

    /// <summary>A picture as a secondary capture, which is never accepted.</summary>
    public static byte[] SecondaryCapture() => Ct(change: d => d.AddOrUpdate(DicomTag.SOPClassUID, DicomUID.SecondaryCaptureImageStorage));
}
