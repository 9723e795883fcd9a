using FellowOakDicom;
using MedGan.Dicom.Codecs;

namespace MedGan.Dicom.Volumes;

/// <summary>What one file says about its slice, checked on its own.</summary>
internal sealed record SliceHeader(
    DicomFile File, Modality Modality, int Columns, int Rows, Vector3d PositionMm, Vector3d RowDirection, Vector3d ColumnDirection,
    double ColumnSpacingMm, double RowSpacingMm, double? ThicknessMm, bool IsLocalizer, bool WhiteIsLow)
{
    // Direction cosines are written with few digits; beyond this they are not two perpendicular directions.
    private const double OrientationTolerance = 0.01;

    public static SliceHeader Of(DicomFile file)
    {
        var d = file.Dataset;
        var modality = ModalityOf(d);
        if (FrameDecoder.Frames(d) != 1)
            throw Rejected(SeriesRejectReason.MultiFrame, "The series holds a multi-frame image; only single-frame images are read yet.");
        if (d.TryGetString(DicomTag.BurnedInAnnotation, out var burned) && burned?.Trim().ToUpperInvariant() == "YES")
            throw Rejected(SeriesRejectReason.BurnedInAnnotation, "An image says that text is burned into its pixels (0028,0301).");
        var localizer = d.TryGetValues<string>(DicomTag.ImageType, out var type) && type.Contains("LOCALIZER");
        if (!d.TryGetValues<double>(DicomTag.ImagePositionPatient, out var p) || p.Length != 3
            || !d.TryGetValues<double>(DicomTag.ImageOrientationPatient, out var o) || o.Length != 6
            || !d.TryGetValues<double>(DicomTag.PixelSpacing, out var spacing) || spacing is not [> 0 and < 100, > 0 and < 100]
            || !p.Concat(o).All(double.IsFinite))
            throw Rejected(SeriesRejectReason.NoGeometry, "An image lacks a usable position, orientation or pixel spacing.");
        Vector3d row = new(o[0], o[1], o[2]), column = new(o[3], o[4], o[5]);
        if (Math.Abs(row.Length - 1) > OrientationTolerance || Math.Abs(column.Length - 1) > OrientationTolerance
            || Math.Abs(row.Dot(column)) > OrientationTolerance)
            throw Rejected(SeriesRejectReason.NoGeometry, "An image's orientation is not two perpendicular directions.");
        row = row.Normalized();
        column = (column - row * row.Dot(column)).Normalized();
        double? thickness = d.TryGetValue<double>(DicomTag.SliceThickness, 0, out var t) && t > 0 && double.IsFinite(t) ? t : null;
        d.TryGetSingleValue<ushort>(DicomTag.Columns, out var columns);
        d.TryGetSingleValue<ushort>(DicomTag.Rows, out var rows);
        var whiteIsLow = d.TryGetString(DicomTag.PhotometricInterpretation, out var photometric) && photometric?.Trim() == "MONOCHROME1";
        return new SliceHeader(file, modality, columns, rows, new(p[0], p[1], p[2]), row, column, spacing[1], spacing[0], thickness, localizer, whiteIsLow);
    }

    /// <summary>True where both slices can belong to one stack.</summary>
    public bool Matches(SliceHeader other) =>
        Modality == other.Modality && Columns == other.Columns && Rows == other.Rows
        && Math.Abs(ColumnSpacingMm / other.ColumnSpacingMm - 1) < 1e-3 && Math.Abs(RowSpacingMm / other.RowSpacingMm - 1) < 1e-3
        && RowDirection.Dot(other.RowDirection) > 0.99999 && ColumnDirection.Dot(other.ColumnDirection) > 0.99999;

    private static Modality ModalityOf(DicomDataset d)
    {
        d.TryGetString(DicomTag.SOPClassUID, out var uid);
        uid = uid?.Trim('\0', ' ');
        if (uid == DicomUID.CTImageStorage.UID)
            return Modality.CT;
        if (uid == DicomUID.MRImageStorage.UID)
            return Modality.MR;
        DicomUID[] multiFrame = [DicomUID.EnhancedCTImageStorage, DicomUID.EnhancedMRImageStorage,
            DicomUID.LegacyConvertedEnhancedCTImageStorage, DicomUID.LegacyConvertedEnhancedMRImageStorage];
        throw multiFrame.Any(m => m.UID == uid)
            ? Rejected(SeriesRejectReason.MultiFrame, "The series holds an enhanced multi-frame image; only single-frame images are read yet.")
            : Rejected(SeriesRejectReason.UnsupportedObject, "The series holds an object that is neither a CT Image nor an MR Image.");
    }

    private static SeriesRejectedException Rejected(SeriesRejectReason reason, string detail) => new(reason, detail);
}
