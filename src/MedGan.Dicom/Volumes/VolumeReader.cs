using FellowOakDicom;
using MedGan.Dicom.Codecs;

namespace MedGan.Dicom.Volumes;

/// <summary>A decoded series and what was done to it.</summary>
/// <param name="Volume">On a rectangular, evenly spaced grid.</param>
/// <param name="Notes">Plain sentences: tilt removed, spacing resampled, images left out.</param>
public sealed record VolumeReading(Volume Volume, IReadOnlyList<string> Notes);

/// <summary>Makes a volume of the files of one series.</summary>
public static class VolumeReader
{
    private const long MaxVoxels = 1L << 29;

    /// <summary>Checks, decodes, sorts by position, undoes gantry tilt, evens out the spacing; CT in HU, MR normalised.</summary>
    /// <exception cref="SeriesRejectedException">The files are not one readable stack of slices; the reason says why.</exception>
    public static VolumeReading Read(IReadOnlyList<DicomFile> series)
    {
        var notes = new List<string>();
        var stack = SliceStack.Of(Stackable(series, notes));
        var modality = stack.Slices[0].Modality;
        if ((long)stack.Slices[0].Columns * stack.Slices[0].Rows * stack.Slices.Count > MaxVoxels)
            throw new SeriesRejectedException(SeriesRejectReason.BadPixelData, "The series is larger than 2^29 voxels.");
        var outside = Intensity.OutsideValue(modality);
        var slices = stack.Slices.Select(s => Decode(s, outside)).ToArray();
        if (modality == Modality.MR)
            TurnMonochrome1Round(stack, slices, notes);
        var floor = modality == Modality.CT ? Intensity.CtMinHu : 0;
        foreach (var slice in slices)
            for (var i = 0; i < slice.Length; i++)
                slice[i] = Math.Max(floor, slice[i]);
        var (geometry, voxels) = StackStraightening.Apply(stack, slices, outside, notes);
        var unit = modality == Modality.MR ? MrNormalization.Apply(voxels) : 1;
        var file = stack.Slices[0].File.Dataset;
        var description = file.TryGetString(DicomTag.SeriesDescription, out var text) ? text?.Trim() : null;
        return new VolumeReading(new Volume(modality, geometry, voxels, unit, description), [.. notes.Distinct()]);
    }

    private static List<SliceHeader> Stackable(IReadOnlyList<DicomFile> series, List<string> notes)
    {
        if (series.Count == 0)
            throw new SeriesRejectedException(SeriesRejectReason.Empty, "The series holds no image.");
        var headers = series.Select(SliceHeader.Of).ToList();
        var localizers = headers.RemoveAll(h => h.IsLocalizer);
        if (headers.Count == 0)
            throw new SeriesRejectedException(SeriesRejectReason.Localizer, "The series holds localizers only: overview images, not a stack of slices.");
        if (localizers > 0)
            notes.Add($"{localizers} localizer image(s) left out.");
        return headers;
    }

    // MONOCHROME1 says how to show a picture. HU keep their meaning under it; MR values have none but brightness.
    private static void TurnMonochrome1Round(SliceStack stack, float[][] slices, List<string> notes)
    {
        var inverted = slices.Where((_, k) => stack.Slices[k].WhiteIsLow).ToArray();
        if (inverted.Length == 0)
            return;
        var brightest = inverted.Max(s => s.Max());
        foreach (var slice in inverted)
            for (var i = 0; i < slice.Length; i++)
                slice[i] = brightest - slice[i];
        notes.Add("MONOCHROME1: values turned round, so that bright means much signal.");
    }

    private static float[] Decode(SliceHeader slice, float outside)
    {
        try
        {
            var frame = FrameDecoder.Decode(slice.File);
            var rescale = Rescale.Of(slice.File.Dataset, frame.Signed);
            return Array.ConvertAll(frame.Values, stored => rescale.IsPadding(stored) ? outside : (float)rescale.Apply(stored));
        }
        catch (UnsupportedTransferSyntaxException e)
        {
            throw new SeriesRejectedException(SeriesRejectReason.UnsupportedTransferSyntax, e.Message, e);
        }
        catch (PixelDataException e)
        {
            throw new SeriesRejectedException(SeriesRejectReason.BadPixelData, e.Message, e);
        }
    }
}
