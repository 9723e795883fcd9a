using MedGan.Dicom.Volumes;

namespace MedGan.Dicom.Rendering;

/// <summary>A linear grey window (PS3.3 C.11.2.1.2, LINEAR_EXACT): black at Center - Width/2, white at Center + Width/2.</summary>
/// <param name="Center">In the unit of the voxels.</param>
/// <param name="Width">Greater than zero.</param>
public readonly record struct Window(double Center, double Width)
{
    /// <summary>A brain window for CT (40 HU, 120 wide); the whole range for normalised MR.</summary>
    public static Window For(Modality modality) => modality == Modality.CT ? new(40, 120) : new(0.5, 1);

    /// <summary>A wide window that shows bone and air in CT.</summary>
    public static Window Bone => new(400, 2000);

    /// <summary>The grey level, 0 to 255, of a value.</summary>
    public byte Apply(double value) => (byte)Math.Clamp(Math.Round(((value - Center) / Width + 0.5) * 255), 0, 255);
}
