namespace MedGan.Models.Training.Paired;

/// <summary>
/// Translation from registered pairs. "pix2pix" is the paper's (1611.07004): U-Net, 70x70 PatchGAN that also sees the source, least squares, L1. "residual-unet" has a residual U-Net and leans on L1, structure and
/// gradients, with a small adversarial part.
/// </summary>
public sealed record PairedTranslationPlan : TranslationPlan
{
    public PairedTranslationPlan() => (AugmentShift, AugmentRotationDegrees, AugmentScale) = (0.06, 10, 0.1);

    public static IReadOnlyList<string> Methods { get; } = ["pix2pix", "residual-unet"];

    /// <summary>Halvings of the residual U-Net, 1 .. 6; pix2pix's goes down to 4x4 pixels.</summary>
    public int Levels { get; init; } = 4;

    /// <summary>Residual blocks at the residual U-Net's coarsest level, 1 .. 16.</summary>
    public int ResidualBlocks { get; init; } = 4;

    /// <summary>Discriminators on the image and its halved copies (pix2pixHD, 1711.11585, section 3.2), 1 .. 3.</summary>
    public int DiscriminatorScales { get; init; } = 1;

    /// <summary>Weight of the mean absolute difference, 0 .. 1000.</summary>
    public double LambdaL1 { get; init; } = 100;

    /// <summary>Weight of the adversarial term, 0 .. 1000; 0 leaves the discriminator out.</summary>
    public double LambdaAdversarial { get; init; } = 1;

    /// <summary>Weight of <see cref="Losses.GradientDifferenceLoss"/>, 0 .. 1000.</summary>
    public double LambdaGradient { get; init; }

    /// <summary>Weight of <see cref="Losses.StructuralSimilarityLoss"/>, 0 .. 1000.</summary>
    public double LambdaStructure { get; init; }

    /// <summary>Whether a translation is the mean of the image's own and of its mirror image's, mirrored back; for networks that were trained on both (<see cref="TranslationPlan.AugmentFlip"/>).</summary>
    public bool AverageMirrored { get; init; }

    /// <summary>Weight of <see cref="Losses.FeatureLoss"/>, 0 .. 1000; above 0 it needs a feature network.</summary>
    public double LambdaFeature { get; init; }

    /// <summary>What the feature loss compares with: "none", "cohort" (an encoder trained on patches of the training targets first) or "squeezenet" (weights supplied in a file).</summary>
    public string FeatureNetwork { get; init; } = "none";

    /// <summary>Steps of the cohort's encoder, 1 .. 100000.</summary>
    public int FeatureSteps { get; init; } = 500;

    /// <summary>Weight of <see cref="Losses.DiscriminatorFeatureLoss"/>, the mean over the discriminators, 0 .. 1000; 10 in pix2pixHD.</summary>
    public double LambdaFeatureMatching { get; init; }

    /// <summary>Largest random change of the source's contrast and brightness, as scanners differ, [0, 0.5]; the target stays.</summary>
    public double AugmentIntensity { get; init; }

    /// <inheritdoc/>
    protected override void Check(PlanChecks checks)
    {
        base.Check(checks);
        checks.OneOf(Method, Methods, "method");
        checks.Whole(Levels, 1, 6, "levels");
        checks.Whole(ResidualBlocks, 1, 16, "residualBlocks");
        checks.Whole(DiscriminatorScales, 1, 3, "discriminatorScales");
        checks.Real(LambdaL1, 0, 1000, "lambdaL1");
        checks.Real(LambdaAdversarial, 0, 1000, "lambdaAdversarial");
        checks.Real(LambdaGradient, 0, 1000, "lambdaGradient");
        checks.Real(LambdaStructure, 0, 1000, "lambdaStructure");
        checks.Real(LambdaFeatureMatching, 0, 1000, "lambdaFeatureMatching");
        PerceptualFeatures.Check(checks, FeatureNetwork, FeatureSteps, LambdaFeature);
        checks.Require(LambdaL1 + LambdaAdversarial + LambdaGradient + LambdaStructure + LambdaFeature > 0, "one of lambdaL1, lambdaAdversarial, lambdaGradient, lambdaStructure and lambdaFeature must be above 0.");
        checks.Real(AugmentIntensity, 0, 0.5, "augmentIntensity");
        checks.Require(!AverageMirrored || AugmentFlip, "averageMirrored needs augmentFlip: a network that saw no mirrored pair translates none.");
        checks.Require(ImageSize is >= 32 and <= 512, $"imageSize must be from 32 to 512, not {ImageSize}.");
        if (Method == "pix2pix") checks.Require(int.IsPow2(ImageSize), $"pix2pix needs an imageSize that is a power of two, not {ImageSize}.");
        else checks.Require(Levels is < 1 or > 6 || ImageSize % (1 << Levels) == 0, $"{Levels} levels need an imageSize that is a multiple of {1 << Math.Clamp(Levels, 0, 6)}, not {ImageSize}.");
        checks.Require(LambdaAdversarial == 0 || DiscriminatorScales is < 1 or > 3 || ImageSize >> (DiscriminatorScales - 1) >= 32,
            $"{DiscriminatorScales} discriminatorScales need an imageSize of at least {32 << Math.Clamp(DiscriminatorScales - 1, 0, 2)}, not {ImageSize}.");
        checks.Require(LambdaFeatureMatching == 0 || LambdaAdversarial > 0, "lambdaFeatureMatching compares layers of the discriminator, which lambdaAdversarial 0 leaves out: give it a weight, or take lambdaFeature.");
        checks.Require(!SpectralNorm || LambdaAdversarial > 0, "spectralNorm is of the discriminator, which lambdaAdversarial 0 leaves out: give it a weight, or leave spectralNorm out.");
        checks.Require(!Attention || Method == "pix2pix" || Levels is < 1 or > 6 || ImageSize >> Levels >= 2, $"attention needs at least 2 x 2 pixels at the coarsest level: {Levels} levels leave {ImageSize >> Math.Clamp(Levels, 0, 6)} of {ImageSize}.");
        checks.Require(Method != "pix2pix" || LambdaAdversarial > 0, "pix2pix without lambdaAdversarial is no adversarial method: give it a weight, or take residual-unet.");
    }
}
