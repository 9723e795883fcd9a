using FellowOakDicom;

namespace MedGan.Dicom.Codecs;

/// <summary>From stored values to real ones (PS3.3 C.11.1, Modality LUT) and the stored values that stand for "nothing here" (C.7.5.1.1.2).</summary>
public readonly record struct Rescale(double Slope, double Intercept, int? PaddingFrom, int? PaddingTo)
{
    /// <summary>The rescale of a data set; slope 1 and intercept 0 where it has none.</summary>
    public static Rescale Of(DicomDataset d, bool signed)
    {
        var slope = Real(d, DicomTag.RescaleSlope, 1);
        var from = Raw(d, DicomTag.PixelPaddingValue, signed);
        var to = Raw(d, DicomTag.PixelPaddingRangeLimit, signed) ?? from;
        return new Rescale(slope == 0 ? 1 : slope, Real(d, DicomTag.RescaleIntercept, 0),
            from is { } a && to is { } b ? Math.Min(a, b) : from, from is { } c && to is { } e ? Math.Max(c, e) : to);
    }

    /// <summary>True for a stored value outside of the reconstructed picture.</summary>
    public bool IsPadding(int stored) => PaddingFrom is { } from && PaddingTo is { } to && stored >= from && stored <= to;

    /// <summary>The real value of a stored one.</summary>
    public double Apply(int stored) => stored * Slope + Intercept;

    private static double Real(DicomDataset d, DicomTag tag, double absent) =>
        d.TryGetValue<double>(tag, 0, out var value) && double.IsFinite(value) ? value : absent;

    // US or SS, and often written as the one where the other is meant: the two bytes decide, read as the pixels are.
    private static int? Raw(DicomDataset d, DicomTag tag, bool signed)
    {
        if (!d.Contains(tag) || d.GetDicomItem<DicomItem>(tag) is not DicomElement { Buffer.Size: >= 2 } element)
            return null;
        var value = BitConverter.ToUInt16(element.Buffer.Data, 0);
        return signed ? (short)value : value;
    }
}
