namespace MedGan.Models.Training.Contrastive;

/// <summary>
/// One-sided translation between unpaired domains (2007.15651): "cut" with the identity term, "fastcut" without it and with mirrored inputs now and then. Each patch of a translation is held to its own
/// place in the source, so that anatomy does not drift; <see cref="LambdaEdges"/> holds edges as well.
/// </summary>
public sealed record ContrastiveTranslationPlan : TranslationPlan
{
    public ContrastiveTranslationPlan() => (AugmentShift, AugmentRotationDegrees, AugmentScale) = (0.04, 6, 0.05);

    public static IReadOnlyList<string> Methods { get; } = ["cut", "fastcut"];

    /// <summary>Residual blocks of the generator, 3 .. 16.</summary>
    public int ResidualBlocks { get; init; } = 6;

    /// <summary>Channels of the generator's pixel path, 0 .. 256; 0 gives the paper's network. See <see cref="Networks.ResNetGenerator"/>.</summary>
    public int PixelPathWidth { get; init; }

    /// <summary>Weight of <see cref="Losses.PatchNceLoss"/>, above 0, at most 1000; the paper's is 1 for CUT and 10 for FastCUT.</summary>
    public double LambdaNce { get; init; } = 1;

    /// <summary>Weight of <see cref="Losses.EdgeAlignmentLoss"/> between source and translation, 0 .. 1000.</summary>
    public double LambdaEdges { get; init; }

    /// <summary>Weight of <see cref="Losses.MutualInformationLoss"/> between source and translation, 0 .. 1000.</summary>
    public double LambdaMutualInformation { get; init; }

    /// <summary>Bins of its joint histogram, for each of the images, 8 .. 128.</summary>
    public int MutualInformationBins { get; init; } = 32;

    /// <summary>Patches compared in each layer, 8 .. 4096.</summary>
    public int Patches { get; init; } = 256;

    /// <summary>Temperature of the comparison, (0, 10].</summary>
    public double Temperature { get; init; } = 0.07;

    /// <inheritdoc/>
    protected override void Check(PlanChecks checks)
    {
        base.Check(checks);
        checks.OneOf(Method, Methods, "method");
        checks.Require(ImageSize is >= 32 and <= 512 && ImageSize % 4 == 0, $"imageSize must be a multiple of 4 from 32 to 512, not {ImageSize}.");
        checks.Whole(ResidualBlocks, 3, 16, "residualBlocks");
        checks.Whole(PixelPathWidth, 0, 256, "pixelPathWidth");
        checks.Require(LambdaNce is > 0 and <= 1000, $"lambdaNce must be above 0 and at most 1000, not {LambdaNce}: without it nothing holds a translation to its source.");
        checks.Real(LambdaEdges, 0, 1000, "lambdaEdges");
        checks.Real(LambdaMutualInformation, 0, 1000, "lambdaMutualInformation");
        checks.Whole(MutualInformationBins, 8, 128, "mutualInformationBins");
        checks.Whole(Patches, 8, 4096, "patches");
        checks.Require(Temperature is > 0 and <= 10, $"temperature must be above 0 and at most 10, not {Temperature}.");
        checks.Require(Patches is < 8 or > 4096 || ImageSize < 32 || Patches <= ImageSize / 4 * (ImageSize / 4), $"patches must be at most {ImageSize / 4 * (ImageSize / 4)}, the places of the coarsest layer, not {Patches}.");
    }
}
