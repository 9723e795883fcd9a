namespace MedGan.Dicom.Volumes;

/// <summary>The linear maps between voxel values and the range [-1, 1] of the networks.</summary>
public static class Intensity
{
    /// <summary>CT number that becomes -1, in HU.</summary>
    public const float CtMinHu = -1024;

    /// <summary>CT number that becomes 1, in HU.</summary>
    public const float CtMaxHu = 2048;

    /// <summary>Normalised MR value that becomes 1; 0 becomes -1.</summary>
    public const float MrMax = 1.2f;

    /// <summary>Voxel values to [-1, 1], clamped, in place.</summary>
    public static void ToModel(Modality modality, Span<float> values)
    {
        var (low, high) = Range(modality);
        for (var i = 0; i < values.Length; i++)
            values[i] = Math.Clamp(2 * (values[i] - low) / (high - low) - 1, -1, 1);
    }

    /// <summary>[-1, 1] to voxel values, clamped, in place.</summary>
    public static void FromModel(Modality modality, Span<float> values)
    {
        var (low, high) = Range(modality);
        for (var i = 0; i < values.Length; i++)
            values[i] = low + (Math.Clamp(values[i], -1, 1) + 1) / 2 * (high - low);
    }

    /// <summary>The voxel value where there is nothing: air in CT, no signal in MR.</summary>
    public static float OutsideValue(Modality modality) => modality == Modality.CT ? -1000 : 0;

    private static (float Low, float High) Range(Modality modality) => modality == Modality.CT ? (CtMinHu, CtMaxHu) : (0, MrMax);
}
