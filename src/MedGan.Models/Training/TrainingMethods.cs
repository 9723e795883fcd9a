namespace MedGan.Models.Training;

/// <summary>The methods that a plan can name.</summary>
internal static class TrainingMethods
{
    public static IReadOnlyDictionary<string, Type> Plans { get; } = new SortedDictionary<string, Type>(StringComparer.Ordinal)
    {
        ["biggan"] = typeof(ClassConditionalPlan),
        ["dcgan"] = typeof(ClassConditionalPlan),
        ["r3gan"] = typeof(ClassConditionalPlan),
        ["sagan"] = typeof(ClassConditionalPlan),
        ["stylegan2-ada"] = typeof(ClassConditionalPlan),
        ["wgan-gp"] = typeof(ClassConditionalPlan),
    };
}
