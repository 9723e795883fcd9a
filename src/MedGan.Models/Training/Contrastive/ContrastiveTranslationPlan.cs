namespace MedGan.Models.Training.Contrastive;

/// <summary>
/// One-sided translation between unpaired domains (2007.15651): "cut" with the identity term, "fastcut" without it and with mirrored inputs now and then. Each patch of a translation is held to its own
/// place in the source, so that anatomy does not drift; <see cref="LambdaEdges"/> holds edges as well.
/// </summary>
public sealed record ContrastiveTranslationPlan : TrainingPlan
{
    public static IReadOnlyList<string> Methods { get; } = ["cut", "fastcut"];

    /// <summary>Neighbouring slices that the network sees, an odd number, 1 .. 9; 1 = the slice alone.</summary>
    public int Slices { get; init; } = 1;

    /// <summary>Channels of the generator's first layer, 4 .. 256.</summary>
    public int GeneratorWidth { get; init; } = 32;

    /// <summary>Residual blocks of the generator, 3 .. 16.</summary>
    public int ResidualBlocks { get; init; } = 6;

    /// <summary>Channels of the generator's pixel path, 0 .. 256; 0 gives the paper's network. See <see cref="Networks.ResNetGenerator"/>.</summary>
    public int PixelPathWidth { get; init; }

    /// <summary>Channels of the discriminator's first layer, 4 .. 256.</summary>
    public int DiscriminatorWidth { get; init; } = 64;

    /// <summary>Adam's learning rate of the generator, (0, 0.1]; constant for the first half of the budget, then linearly down to 0.</summary>
    public double LearningRate { get; init; } = 2e-4;

    /// <summary>Two time-scale update rule (1706.08500): the discriminator's learning rate as a multiple, (0, 10].</summary>
    public double DiscriminatorRateFactor { get; init; } = 1;

    /// <summary>Adam's decay of the first moment, [0, 1).</summary>
    public double Beta1 { get; init; } = 0.5;

    /// <summary>Weight of <see cref="Losses.PatchNceLoss"/>, above 0, at most 1000; the paper's is 1 for CUT and 10 for FastCUT.</summary>
    public double LambdaNce { get; init; } = 1;

    /// <summary>Weight of <see cref="Losses.EdgeAlignmentLoss"/> between source and translation, 0 .. 1000.</summary>
    public double LambdaEdges { get; init; }

    /// <summary>Patches compared in each layer, 8 .. 4096.</summary>
    public int Patches { get; init; } = 256;

    /// <summary>Temperature of the comparison, (0, 10].</summary>
    public double Temperature { get; init; } = 0.07;

    /// <summary>Decay per step of the averaged generator that is exported, [0, 1).</summary>
    public double EmaDecay { get; init; } = 0.995;

    /// <summary>Largest random shift of an image, share of its width, [0, 0.25].</summary>
    public double AugmentShift { get; init; } = 0.04;

    /// <summary>Largest random rotation of an image, degrees, [0, 45].</summary>
    public double AugmentRotationDegrees { get; init; } = 6;

    /// <summary>Largest random change of scale of an image, [0, 0.5].</summary>
    public double AugmentScale { get; init; } = 0.05;

    /// <summary>Whether half of the images are mirrored left to right. See <see cref="Augmentation"/> before turning it on.</summary>
    public bool AugmentFlip { get; init; }

    /// <inheritdoc/>
    protected override void Check(PlanChecks checks)
    {
        checks.OneOf(Method, Methods, "method");
        checks.Require(Slices is >= 1 and <= 9 && Slices % 2 == 1, $"slices must be an odd number from 1 to 9, not {Slices}.");
        checks.Require(ImageSize is >= 32 and <= 512 && ImageSize % 4 == 0, $"imageSize must be a multiple of 4 from 32 to 512, not {ImageSize}.");
        checks.Whole(GeneratorWidth, 4, 256, "generatorWidth");
        checks.Whole(ResidualBlocks, 3, 16, "residualBlocks");
        checks.Whole(PixelPathWidth, 0, 256, "pixelPathWidth");
        checks.Whole(DiscriminatorWidth, 4, 256, "discriminatorWidth");
        checks.Require(LearningRate is > 0 and <= 0.1, $"learningRate must be above 0 and at most 0.1, not {LearningRate}.");
        checks.Require(DiscriminatorRateFactor is > 0 and <= 10, $"discriminatorRateFactor must be above 0 and at most 10, not {DiscriminatorRateFactor}.");
        checks.Require(Beta1 is >= 0 and < 1, $"beta1 must be from 0 to below 1, not {Beta1}.");
        checks.Require(LambdaNce is > 0 and <= 1000, $"lambdaNce must be above 0 and at most 1000, not {LambdaNce}: without it nothing holds a translation to its source.");
        checks.Real(LambdaEdges, 0, 1000, "lambdaEdges");
        checks.Whole(Patches, 8, 4096, "patches");
        checks.Require(Temperature is > 0 and <= 10, $"temperature must be above 0 and at most 10, not {Temperature}.");
        checks.Require(EmaDecay is >= 0 and < 1, $"emaDecay must be from 0 to below 1, not {EmaDecay}.");
        checks.Real(AugmentShift, 0, 0.25, "augmentShift");
        checks.Real(AugmentRotationDegrees, 0, 45, "augmentRotationDegrees");
        checks.Real(AugmentScale, 0, 0.5, "augmentScale");
        checks.Require(Patches is < 8 or > 4096 || ImageSize < 32 || Patches <= ImageSize / 4 * (ImageSize / 4), $"patches must be at most {ImageSize / 4 * (ImageSize / 4)}, the places of the coarsest layer, not {Patches}.");
    }
}
