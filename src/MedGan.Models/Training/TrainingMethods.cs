namespace MedGan.Models.Training;

/// <summary>The methods that a plan can name.</summary>
internal static class TrainingMethods
{
    public static IReadOnlyDictionary<string, Type> Plans { get; } = new SortedDictionary<string, Type>(StringComparer.Ordinal)
    {
        ["srresnet"] = typeof(SuperResolution.SuperResolutionPlan),
        ["srgan"] = typeof(SuperResolution.SuperResolutionPlan),
        ["rrdb"] = typeof(SuperResolution.SuperResolutionPlan),
        ["esrgan"] = typeof(SuperResolution.SuperResolutionPlan),
    };
}
