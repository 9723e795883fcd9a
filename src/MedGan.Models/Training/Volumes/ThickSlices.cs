using MedGan.Models.Networks.SuperResolution;
using MedGan.Models.Training.Degradation;
using static TorchSharp.torch;

namespace MedGan.Models.Training.Volumes;

/// <summary>Thick slices of thin ones, and back as far as interpolation goes.</summary>
internal static class ThickSlices
{
    /// <summary>What the plan's degradation leaves of a volume.</summary>
    /// <param name="plan">Checked.</param>
    /// <param name="thin">[D,H,W], D a multiple of the factor.</param>
    /// <returns>[D/f,H,W].</returns>
    public static Tensor Of(VolumeSuperResolutionPlan plan, Tensor thin)
    {
        using var scope = NewDisposeScope();
        var depth = (int)thin.shape[0];
        var along = plan.Degradation == "kSpace" ? KSpaceTruncation.Of(depth, plan.Factor, KSpaceWindow.Tukey)
            : SliceProfile.Of(depth, plan.Factor, Enum.Parse<SliceShape>(plan.SliceShape, ignoreCase: true), plan.SliceThickness * plan.Factor, spacingMm: 1);
        // the rows of the volume as channels, its slices as rows of images
        return AxisOperator.Apply(thin.permute(1, 0, 2).unsqueeze(0), along, AxisOperator.Identity((int)thin.shape[2])).squeeze(0).permute(1, 0, 2).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Bicubic along the slices.</summary>
    /// <param name="thick">[N,1,d,H,W].</param>
    /// <param name="factor">How many slices one becomes.</param>
    /// <returns>[N,1,f d,H,W].</returns>
    public static Tensor Interpolated(Tensor thick, int factor)
    {
        using var flat = thick.reshape(thick.shape[0], 1, thick.shape[2], -1);
        using var finer = BicubicUpsampling.Of(flat, Magnification.ThroughPlane(factor));
        return finer.reshape(thick.shape[0], 1, factor * thick.shape[2], thick.shape[3], thick.shape[4]);
    }
}
