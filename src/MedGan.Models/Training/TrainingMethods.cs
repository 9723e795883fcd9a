using MedGan.Models.Training.Contrastive;
using MedGan.Models.Training.Paired;

namespace MedGan.Models.Training;

/// <summary>The methods that a plan can name.</summary>
internal static class TrainingMethods
{
    public static IReadOnlyDictionary<string, Type> Plans { get; } = new SortedDictionary<string, Type>(StringComparer.Ordinal)
    {
        [CycleGanPlan.MethodName] = typeof(CycleGanPlan),
        ["cut"] = typeof(ContrastiveTranslationPlan), ["fastcut"] = typeof(ContrastiveTranslationPlan),
        ["pix2pix"] = typeof(PairedTranslationPlan), ["residual-unet"] = typeof(PairedTranslationPlan),
        ["residual-unet-3d"] = typeof(Volumes.VolumeTranslationPlan),
        ["srresnet-3d"] = typeof(Volumes.VolumeSuperResolutionPlan),
        ["srresnet"] = typeof(SuperResolution.SuperResolutionPlan),
        ["srgan"] = typeof(SuperResolution.SuperResolutionPlan),
        ["rrdb"] = typeof(SuperResolution.SuperResolutionPlan),
        ["esrgan"] = typeof(SuperResolution.SuperResolutionPlan),
        ["biggan"] = typeof(ClassConditionalPlan),
        ["dcgan"] = typeof(ClassConditionalPlan),
        ["r3gan"] = typeof(ClassConditionalPlan),
        ["sagan"] = typeof(ClassConditionalPlan),
        ["stylegan2-ada"] = typeof(ClassConditionalPlan),
        ["wgan-gp"] = typeof(ClassConditionalPlan),
    };
}
