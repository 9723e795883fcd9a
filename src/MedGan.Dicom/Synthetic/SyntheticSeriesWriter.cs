using System.Globalization;
using FellowOakDicom;
using MedGan.Dicom.Volumes;

namespace MedGan.Dicom.Synthetic;

/// <summary>
/// Writes generated volumes as CT Image Storage or MR Image Storage (PS3.3 A.3, A.4) that say of themselves that they
/// are synthetic: Synthetic Data (0008,001C), Image Type DERIVED, the contributing equipment, a derivation description.
/// </summary>
public static class SyntheticSeriesWriter
{
    /// <summary>MR: the stored value of 1.0; the largest that 12 bits store is 4095.</summary>
    public const double MrStoredUnit = 3000;

    /// <summary>One file per slice in <paramref name="slices"/>; position and Instance Number (k + 1) are those of the whole volume, whichever slices are left out.</summary>
    /// <exception cref="ArgumentException">A slice is not in the volume, or is named twice.</exception>
    public static IReadOnlyList<DicomFile> Write(Volume v, IReadOnlyList<int> slices, SyntheticStudy study)
    {
        if (slices.Any(k => k < 0 || k >= v.Geometry.Slices) || slices.Distinct().Count() != slices.Count)
            throw new ArgumentException("Each slice must be one of the volume's, once.", nameof(slices));
        return [.. slices.Select(k =>
        {
            var file = new DicomFile(Instance(v, k, study));
            // fo-dicom would write the machine's name.
            file.FileMetaInfo.SourceApplicationEntityTitle = "MEDGAN";
            return file;
        })];
    }

    private static DicomDataset Instance(Volume v, int k, SyntheticStudy s)
    {
        var ct = v.Modality == Modality.CT;
        var d = new DicomDataset(DicomTransferSyntax.ExplicitVRLittleEndian);
        d.Add(DicomTag.SpecificCharacterSet, "ISO_IR 192");
        d.Add(DicomTag.SOPClassUID, ct ? DicomUID.CTImageStorage : DicomUID.MRImageStorage);
        d.Add(DicomTag.SOPInstanceUID, SyntheticUid.Create("instance", s.SeriesInstanceUid, k.ToString(CultureInfo.InvariantCulture)));
        SyntheticModules.AddPatientAndStudy(d, s);
        SyntheticModules.AddSeries(d, v.Modality.ToString(), $"Synthetic {v.Modality}", s, k + 1);
        d.Add(DicomTag.BodyPartExamined, "HEAD");
        d.Add(DicomTag.PatientPosition, "HFS");
        d.Add(DicomTag.AcquisitionNumber, "");
        d.Add(DicomTag.ImageType, "DERIVED", "SECONDARY", ct ? "AXIAL" : "OTHER");
        ImageModules.AddPlane(d, v.Geometry, k, s.FrameOfReferenceUid);
        if (ct)
            AddCt(d, v, k);
        else
            AddMr(d, v, k);
        SyntheticModules.AddLabel(d, v.Modality.ToString(), s);
        return d;
    }

    private static void AddCt(DicomDataset d, Volume v, int k)
    {
        var slice = v.Slice(k);
        var stored = new short[slice.Length];
        for (var i = 0; i < stored.Length; i++)
            stored[i] = (short)Math.Clamp(MathF.Round(slice[i]), short.MinValue, short.MaxValue);
        d.Add(DicomTag.KVP, "");
        d.Add(DicomTag.RescaleIntercept, "0");
        d.Add(DicomTag.RescaleSlope, "1");
        d.Add(DicomTag.RescaleType, "HU");
        AddWindow(d, "40", "120");
        ImageModules.AddPixels(d, v.Geometry, stored, 16, signed: true);
    }

    // No scanner made the image, so none of its settings may be claimed: Scanning Sequence is RM (research mode), the
    // times of type 2 are empty. Sequence Variant NONE (PS3.3 C.8.3.1).
    private static void AddMr(DicomDataset d, Volume v, int k)
    {
        var slice = v.Slice(k);
        var stored = new short[slice.Length];
        for (var i = 0; i < stored.Length; i++)
            stored[i] = (short)Math.Clamp(Math.Round(slice[i] * MrStoredUnit), 0, 4095);
        d.Add(DicomTag.ScanningSequence, "RM");
        d.Add(DicomTag.SequenceVariant, "NONE");
        d.Add(DicomTag.ScanOptions, "");
        d.Add(DicomTag.MRAcquisitionType, "");
        d.Add(DicomTag.RepetitionTime, "");
        d.Add(DicomTag.EchoTime, "");
        d.Add(DicomTag.EchoTrainLength, "");
        d.Add(DicomTag.SpacingBetweenSlices, ImageModules.Decimals(v.Geometry.SliceSpacingMm));
        AddWindow(d, "1500", "3000");
        ImageModules.AddPixels(d, v.Geometry, stored, 12, signed: false);
    }

    private static void AddWindow(DicomDataset d, string centre, string width)
    {
        d.Add(DicomTag.WindowCenter, centre);
        d.Add(DicomTag.WindowWidth, width);
    }
}
