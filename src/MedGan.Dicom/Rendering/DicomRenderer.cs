using FellowOakDicom;
using MedGan.Dicom.Codecs;

namespace MedGan.Dicom.Rendering;

/// <summary>Pictures of stored instances as a viewer shows them: rescale, window, MONOCHROME1 turned round, square pixels.</summary>
public static class DicomRenderer
{
    /// <summary>Renders the only frame of a grey image in <paramref name="window"/>, else in the file's own first window, else over the whole range of its values.</summary>
    /// <exception cref="UnsupportedTransferSyntaxException">The encoding is not read.</exception>
    /// <exception cref="PixelDataException">The pixel data cannot be shown.</exception>
    public static GrayImage Render(DicomFile file, Window? window = null)
    {
        var frame = FrameDecoder.Decode(file);
        var rescale = Rescale.Of(file.Dataset, frame.Signed);
        var w = window ?? FileWindow(file.Dataset) ?? Range(frame, rescale);
        var pixels = new byte[frame.Values.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            if (rescale.IsPadding(frame.Values[i]))
                continue;
            var grey = w.Apply(rescale.Apply(frame.Values[i]));
            pixels[i] = frame.WhiteIsLow ? (byte)(255 - grey) : grey;
        }
        var image = new GrayImage(frame.Columns, frame.Rows, pixels);
        return file.Dataset.TryGetValues<double>(DicomTag.PixelSpacing, out var spacing) && spacing is [> 0, > 0]
            ? SliceRenderer.SquarePixels(image, spacing[1], spacing[0])
            : image;
    }

    // PS3.3 C.11.2.1.2.1: the LINEAR function reaches black at c - 0.5 - (w-1)/2 and white at c - 0.5 + (w-1)/2.
    private static Window? FileWindow(DicomDataset d)
    {
        if (!d.TryGetValue<double>(DicomTag.WindowCenter, 0, out var centre) || !d.TryGetValue<double>(DicomTag.WindowWidth, 0, out var width)
            || !double.IsFinite(centre) || !(width > 0))
            return null;
        var exact = d.TryGetString(DicomTag.VOILUTFunction, out var function) && function?.Trim() == "LINEAR_EXACT";
        return exact || width <= 1 ? new Window(centre, width) : new Window(centre - 0.5, width - 1);
    }

    private static Window Range(DecodedFrame frame, Rescale rescale)
    {
        double low = double.MaxValue, high = double.MinValue;
        foreach (var stored in frame.Values)
        {
            if (rescale.IsPadding(stored))
                continue;
            var value = rescale.Apply(stored);
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }
        return high > low ? new Window((low + high) / 2, high - low) : new Window(low, 1);
    }
}
