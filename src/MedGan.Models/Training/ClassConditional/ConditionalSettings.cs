namespace MedGan.Models.Training;

/// <summary>What decides a class-conditional training beyond sizes: each method's own, changed by what a plan says.</summary>
internal sealed record ConditionalSettings
{
    public required string Loss { get; init; }
    public double LearningRate { get; init; } = 2e-4;
    public double DiscriminatorRateFactor { get; init; } = 1;
    public double Beta1 { get; init; }
    public double Beta2 { get; init; } = 0.99;
    public int DiscriminatorSteps { get; init; } = 1;
    public double R1Gamma { get; init; }
    public double R2Gamma { get; init; }
    public int R1Interval { get; init; } = 1;
    public double GradientPenalty { get; init; }
    public double WeightClip { get; init; }
    public double Orthogonal { get; init; }
    public double PathLength { get; init; }
    public double FeatureMatching { get; init; }
    public double Consistency { get; init; }
    public double LeCam { get; init; }
    public string Normalisation { get; init; } = "none";
    public bool MinibatchDeviation { get; init; }
    public double StyleMixing { get; init; }
    public string Augmentation { get; init; } = "none";
    public string Decline { get; init; } = "cosine";
    public double ScheduleShare { get; init; } = 1;
    public double LearningRateFinal { get; init; } = 1;
    public double GammaFinal { get; init; } = 1;
    public double? Beta2Final { get; init; }

    /// <summary>Each method as its paper has it.</summary>
    public static IReadOnlyDictionary<string, ConditionalSettings> Methods { get; } = new SortedDictionary<string, ConditionalSettings>(StringComparer.Ordinal)
    {
        ["dcgan"] = new() { Loss = "non-saturating", Beta1 = 0.5, Beta2 = 0.999, Normalisation = "batch" },
        ["wgan-gp"] = new() { Loss = "wasserstein", LearningRate = 1e-4, Beta1 = 0, Beta2 = 0.9, GradientPenalty = 10, DiscriminatorSteps = 5 },
        ["sagan"] = new() { Loss = "hinge", LearningRate = 1e-4, DiscriminatorRateFactor = 4, Beta2 = 0.9, Normalisation = "spectral" },
        ["biggan"] = new() { Loss = "hinge", LearningRate = 1e-4, DiscriminatorRateFactor = 4, Beta2 = 0.999, DiscriminatorSteps = 2, Orthogonal = 1e-4, Normalisation = "spectral" },
        ["stylegan2-ada"] = new()
        {
            Loss = "non-saturating", LearningRate = 2.5e-3, R1Gamma = 1, R1Interval = 16, PathLength = 2, MinibatchDeviation = true, StyleMixing = 0.5, Augmentation = "ada",
        },
        ["r3gan"] = new() { Loss = "relativistic-pairing", Beta2 = 0.9, Beta2Final = 0.99, LearningRateFinal = 0.25, R1Gamma = 1, R2Gamma = 1, GammaFinal = 0.1 },
    };

    public static ConditionalSettings Of(ClassConditionalPlan plan)
    {
        var own = Methods[plan.Method];
        return own with
        {
            Loss = plan.Loss ?? own.Loss,
            LearningRate = plan.LearningRate ?? own.LearningRate,
            DiscriminatorRateFactor = plan.DiscriminatorRateFactor ?? own.DiscriminatorRateFactor,
            Beta1 = plan.Beta1 ?? own.Beta1,
            Beta2 = plan.Beta2 ?? own.Beta2,
            DiscriminatorSteps = plan.DiscriminatorSteps ?? own.DiscriminatorSteps,
            R1Gamma = plan.R1Gamma ?? own.R1Gamma,
            R2Gamma = plan.R2Gamma ?? own.R2Gamma,
            R1Interval = plan.R1Interval ?? own.R1Interval,
            GradientPenalty = plan.LambdaGradientPenalty ?? own.GradientPenalty,
            WeightClip = plan.WeightClip ?? own.WeightClip,
            Orthogonal = plan.LambdaOrthogonal ?? own.Orthogonal,
            PathLength = plan.LambdaPathLength ?? own.PathLength,
            FeatureMatching = plan.LambdaFeatureMatching ?? own.FeatureMatching,
            Consistency = plan.LambdaConsistency ?? own.Consistency,
            LeCam = plan.LambdaLeCam ?? own.LeCam,
            Normalisation = plan.DiscriminatorNormalisation ?? own.Normalisation,
            MinibatchDeviation = plan.MinibatchDeviation ?? own.MinibatchDeviation,
            StyleMixing = plan.StyleMixing ?? own.StyleMixing,
            Augmentation = plan.Augmentation ?? own.Augmentation,
            Decline = plan.Decline ?? own.Decline,
            ScheduleShare = plan.ScheduleShare ?? own.ScheduleShare,
            LearningRateFinal = plan.LearningRateFinal ?? own.LearningRateFinal,
            GammaFinal = plan.GammaFinal ?? own.GammaFinal,
            Beta2Final = plan.Beta2Final ?? own.Beta2Final,
        };
    }
}
