using FellowOakDicom;
using MedGan.Dicom.Codecs;
using MedGan.Dicom.Files;
using MedGan.Dicom.Synthetic;
using MedGan.Dicom.Volumes;

namespace MedGan.Jobs.Images.Folders;

/// <summary>A single grey DICOM image that is no slice of a volume, in its own unit.</summary>
internal sealed record DicomPicture(int Width, int Height, float[] Values, IntensityScale Scale)
{
    /// <summary>The images of a series, each on its own. CT in HU; MR relative to the whole series; anything else between black and white of its bits.</summary>
    /// <exception cref="ImageFileException">An image is not grey, its pixels are not square, or it says that text is burned into it.</exception>
    /// <exception cref="PixelDataException">The pixel data cannot be read.</exception>
    /// <exception cref="UnsupportedTransferSyntaxException">It is compressed in a way that is not read.</exception>
    public static IReadOnlyList<DicomPicture> Read(IReadOnlyList<DicomFile> series)
    {
        DicomPicture[] pictures = [.. series.Select(Read)];
        var relative = pictures.Where(p => p.Scale.Unit == IntensityScale.Of(Modality.MR).Unit).ToList();
        if (relative.Count == 0) return pictures;
        var unit = (float)(series.All(file => SyntheticScale.IsOurs(file.Dataset))
            ? SyntheticSeriesWriter.MrStoredUnit
            : MrNormalization.UnitOf(relative.SelectMany(p => p.Values).ToArray()));
        foreach (var picture in relative)
            for (var i = 0; i < picture.Values.Length; i++) picture.Values[i] /= unit;
        return pictures;
    }

    private static DicomPicture Read(DicomFile file)
    {
        var d = file.Dataset;
        if (d.TryGetString(DicomTag.BurnedInAnnotation, out var burned) && burned?.Trim().ToUpperInvariant() == "YES")
            throw new ImageFileException("An image says that text is burned into its pixels (0028,0301).");
        if (d.TryGetValues<double>(DicomTag.PixelSpacing, out var spacing) && spacing is [> 0, > 0] && Math.Abs(spacing[0] / spacing[1] - 1) > 0.01)
            throw new ImageFileException("The pixels of the image are not square.");
        var frame = FrameDecoder.Decode(file);
        var rescale = Rescale.Of(d, frame.Signed);
        d.TryGetString(DicomTag.SOPClassUID, out var kind);
        kind = kind?.Trim('\0', ' ');
        double low = rescale.Apply(frame.MinStorable), high = rescale.Apply(frame.MaxStorable);
        (low, high) = (Math.Min(low, high), Math.Max(low, high));
        var scale = kind == DicomUID.CTImageStorage.UID ? IntensityScale.Of(Modality.CT)
            : kind == DicomUID.MRImageStorage.UID ? IntensityScale.Of(Modality.MR)
            : new IntensityScale((float)low, (float)high, (float)low, IntensityScale.GrayLevels);
        var turned = frame.WhiteIsLow && kind != DicomUID.CTImageStorage.UID;
        var values = new float[frame.Values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var value = rescale.Apply(frame.Values[i]);
            values[i] = rescale.IsPadding(frame.Values[i]) ? scale.Outside : (float)(turned ? low + high - value : value);
        }
        return new DicomPicture(frame.Columns, frame.Rows, values, scale);
    }
}
