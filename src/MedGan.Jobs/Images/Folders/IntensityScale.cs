using MedGan.Dicom.Volumes;

namespace MedGan.Jobs.Images.Folders;

/// <summary>The linear map between the values of an image and the range [-1, 1] of the networks; it is clamped, and else can be undone.</summary>
/// <param name="Low">The value that becomes -1.</param>
/// <param name="High">The value that becomes 1.</param>
/// <param name="Outside">The value where there is nothing, in the same unit.</param>
/// <param name="Unit">What the values are in: "HU", "relative" (to the 99.5th percentile of an MR series' foreground) or "grey levels".</param>
public sealed record IntensityScale(float Low, float High, float Outside, string Unit)
{
    /// <summary>The unit of what has none.</summary>
    public const string GrayLevels = "grey levels";

    /// <summary>That of a volume of this modality: <see cref="Intensity"/>.</summary>
    public static IntensityScale Of(Modality modality)
    {
        float[] ends = [-1, 1];
        Intensity.FromModel(modality, ends);
        return new IntensityScale(ends[0], ends[1], Intensity.OutsideValue(modality), modality == Dicom.Volumes.Modality.CT ? "HU" : "relative");
    }

    /// <summary>That of pictures whose black is 0.</summary>
    public static IntensityScale Gray(float white) => new(0, white, 0, GrayLevels);

    /// <summary>What it is the scale of; null for what has no unit.</summary>
    public Modality? Modality => Unit == GrayLevels ? null : Unit == "HU" ? Dicom.Volumes.Modality.CT : Dicom.Volumes.Modality.MR;

    /// <summary>Values to [-1, 1], clamped, in place.</summary>
    public void ToModel(Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = Math.Clamp(2 * (values[i] - Low) / (High - Low) - 1, -1, 1);
    }

    /// <summary>[-1, 1] to values, clamped, in place.</summary>
    public void FromModel(Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = Low + (Math.Clamp(values[i], -1, 1) + 1) / 2 * (High - Low);
    }
}
