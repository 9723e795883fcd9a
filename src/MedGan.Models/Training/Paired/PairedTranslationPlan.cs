namespace MedGan.Models.Training.Paired;

/// <summary>
/// Translation from registered pairs. "pix2pix" is the paper's (1611.07004): U-Net, 70x70 PatchGAN that also sees the source, least squares, L1. "residual-unet" has a residual U-Net and leans on L1, structure and
/// gradients, with a small adversarial part.
/// </summary>
public sealed record PairedTranslationPlan : TrainingPlan
{
    public static IReadOnlyList<string> Methods { get; } = ["pix2pix", "residual-unet"];

    /// <summary>Neighbouring slices that the network sees, an odd number, 1 .. 9; 1 = the slice alone.</summary>
    public int Slices { get; init; } = 1;

    /// <summary>Channels of the generator's finest level, 4 .. 256.</summary>
    public int GeneratorWidth { get; init; } = 32;

    /// <summary>Halvings of the residual U-Net, 1 .. 6; pix2pix's goes down to 4x4 pixels.</summary>
    public int Levels { get; init; } = 4;

    /// <summary>Residual blocks at the residual U-Net's coarsest level, 1 .. 16.</summary>
    public int ResidualBlocks { get; init; } = 4;

    /// <summary>Channels of the discriminator's first layer, 4 .. 256.</summary>
    public int DiscriminatorWidth { get; init; } = 64;

    /// <summary>Discriminators on the image and its halved copies (pix2pixHD, 1711.11585, section 3.2), 1 .. 3.</summary>
    public int DiscriminatorScales { get; init; } = 1;

    /// <summary>Adam's learning rate of the generator, (0, 0.1]; constant for the first half of the budget, then linearly down to 0.</summary>
    public double LearningRate { get; init; } = 2e-4;

    /// <summary>Two time-scale update rule (1706.08500): the discriminator's learning rate as a multiple, (0, 10].</summary>
    public double DiscriminatorRateFactor { get; init; } = 1;

    /// <summary>Adam's decay of the first moment, [0, 1).</summary>
    public double Beta1 { get; init; } = 0.5;

    /// <summary>Weight of the mean absolute difference, 0 .. 1000.</summary>
    public double LambdaL1 { get; init; } = 100;

    /// <summary>Weight of the adversarial term, 0 .. 1000; 0 leaves the discriminator out.</summary>
    public double LambdaAdversarial { get; init; } = 1;

    /// <summary>Weight of <see cref="Losses.GradientDifferenceLoss"/>, 0 .. 1000.</summary>
    public double LambdaGradient { get; init; }

    /// <summary>Weight of <see cref="Losses.StructuralSimilarityLoss"/>, 0 .. 1000.</summary>
    public double LambdaStructure { get; init; }

    /// <summary>Decay per step of the averaged generator that is exported, [0, 1).</summary>
    public double EmaDecay { get; init; } = 0.995;

    /// <summary>Largest random shift of a pair, share of its width, [0, 0.25].</summary>
    public double AugmentShift { get; init; } = 0.06;

    /// <summary>Largest random rotation of a pair, degrees, [0, 45].</summary>
    public double AugmentRotationDegrees { get; init; } = 10;

    /// <summary>Largest random change of scale of a pair, [0, 0.5].</summary>
    public double AugmentScale { get; init; } = 0.1;

    /// <summary>Whether half of the pairs are mirrored left to right. See <see cref="Augmentation"/> before turning it on.</summary>
    public bool AugmentFlip { get; init; }

    /// <summary>Whether a translation is the mean of the image's own and of its mirror image's, mirrored back; for networks that were trained on both (<see cref="AugmentFlip"/>).</summary>
    public bool AverageMirrored { get; init; }

    /// <summary>Largest random change of the source's contrast and brightness, as scanners differ, [0, 0.5]; the target stays.</summary>
    public double AugmentIntensity { get; init; }

    /// <inheritdoc/>
    protected override void Check(PlanChecks checks)
    {
        checks.OneOf(Method, Methods, "method");
        checks.Require(Slices is >= 1 and <= 9 && Slices % 2 == 1, $"slices must be an odd number from 1 to 9, not {Slices}.");
        checks.Whole(GeneratorWidth, 4, 256, "generatorWidth");
        checks.Whole(Levels, 1, 6, "levels");
        checks.Whole(ResidualBlocks, 1, 16, "residualBlocks");
        checks.Whole(DiscriminatorWidth, 4, 256, "discriminatorWidth");
        checks.Whole(DiscriminatorScales, 1, 3, "discriminatorScales");
        checks.Require(LearningRate is > 0 and <= 0.1, $"learningRate must be above 0 and at most 0.1, not {LearningRate}.");
        checks.Require(DiscriminatorRateFactor is > 0 and <= 10, $"discriminatorRateFactor must be above 0 and at most 10, not {DiscriminatorRateFactor}.");
        checks.Require(Beta1 is >= 0 and < 1, $"beta1 must be from 0 to below 1, not {Beta1}.");
        checks.Real(LambdaL1, 0, 1000, "lambdaL1");
        checks.Real(LambdaAdversarial, 0, 1000, "lambdaAdversarial");
        checks.Real(LambdaGradient, 0, 1000, "lambdaGradient");
        checks.Real(LambdaStructure, 0, 1000, "lambdaStructure");
        checks.Require(LambdaL1 + LambdaAdversarial + LambdaGradient + LambdaStructure > 0, "one of lambdaL1, lambdaAdversarial, lambdaGradient and lambdaStructure must be above 0.");
        checks.Require(EmaDecay is >= 0 and < 1, $"emaDecay must be from 0 to below 1, not {EmaDecay}.");
        checks.Real(AugmentShift, 0, 0.25, "augmentShift");
        checks.Real(AugmentRotationDegrees, 0, 45, "augmentRotationDegrees");
        checks.Real(AugmentScale, 0, 0.5, "augmentScale");
        checks.Real(AugmentIntensity, 0, 0.5, "augmentIntensity");
        checks.Require(!AverageMirrored || AugmentFlip, "averageMirrored needs augmentFlip: a network that saw no mirrored pair translates none.");
        checks.Require(ImageSize is >= 32 and <= 512, $"imageSize must be from 32 to 512, not {ImageSize}.");
        if (Method == "pix2pix") checks.Require(int.IsPow2(ImageSize), $"pix2pix needs an imageSize that is a power of two, not {ImageSize}.");
        else checks.Require(Levels is < 1 or > 6 || ImageSize % (1 << Levels) == 0, $"{Levels} levels need an imageSize that is a multiple of {1 << Math.Clamp(Levels, 0, 6)}, not {ImageSize}.");
        checks.Require(LambdaAdversarial == 0 || DiscriminatorScales is < 1 or > 3 || ImageSize >> (DiscriminatorScales - 1) >= 32,
            $"{DiscriminatorScales} discriminatorScales need an imageSize of at least {32 << Math.Clamp(DiscriminatorScales - 1, 0, 2)}, not {ImageSize}.");
        checks.Require(Method != "pix2pix" || LambdaAdversarial > 0, "pix2pix without lambdaAdversarial is no adversarial method: give it a weight, or take residual-unet.");
    }
}
