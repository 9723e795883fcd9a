using MedGan.Models.Networks.SuperResolution;

namespace MedGan.Models.Training.Volumes;

/// <summary>
/// A training of "srresnet-3d": volumes of thin slices are degraded along the slices, and a network of three dimensions learns to undo it, patch by patch. Where there are no thin slices to learn from, "srresnet"
/// with axes throughPlane learns from the rows and columns of slices instead.
/// </summary>
public sealed record VolumeSuperResolutionPlan : TrainingPlan
{
    public static IReadOnlyList<string> Methods { get; } = ["srresnet-3d"];

    /// <summary>How many times more slices a volume gets: 2, 3 or 4.</summary>
    public int Factor { get; init; } = 2;

    /// <summary>How thick slices come about: "sliceProfile", or "kSpace" (MR whose third axis is phase-encoded too).</summary>
    public string Degradation { get; init; } = "sliceProfile";

    /// <summary>"gaussian" or "trapezoid". Of sliceProfile.</summary>
    public string SliceShape { get; init; } = "gaussian";

    /// <summary>Slice thickness (full width at half maximum) as a share of the distance of thick slices, 0.25 .. 2. Of sliceProfile.</summary>
    public double SliceThickness { get; init; } = 1;

    /// <summary>Rows and columns of a patch, 8 .. ImageSize.</summary>
    public int PatchSize { get; init; } = 32;

    /// <summary>Thick slices of a patch, 2 .. 64; a volume has at least as many.</summary>
    public int PatchDepth { get; init; } = 6;

    /// <summary>The least share of a patch that overlaps the next when a volume is made finer, 0 .. 0.75.</summary>
    public double Overlap { get; init; } = 0.5;

    /// <summary>Channels of the network, 4 .. 128.</summary>
    public int GeneratorWidth { get; init; } = 16;

    /// <summary>Residual blocks, 1 .. 32.</summary>
    public int Blocks { get; init; } = 4;

    /// <summary>Channels of the layers that see thin slices, 4 .. 128.</summary>
    public int TailWidth { get; init; } = 8;

    /// <summary>"l1", "charbonnier" or "mse".</summary>
    public string ContentLoss { get; init; } = "charbonnier";

    /// <summary>Adam's learning rate, (0, 0.01]; constant for the first half of the budget, then linearly down to 0.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Decay per step of the averaged generator that is exported, [0, 1).</summary>
    public double EmaDecay { get; init; } = 0.99;

    /// <inheritdoc/>
    protected override bool Accumulates => true;

    /// <summary>The network that the plan describes; its weights are as they come.</summary>
    internal SrResNet3d Generator() => new(Factor, GeneratorWidth, Blocks, TailWidth);

    /// <inheritdoc/>
    protected override void Check(PlanChecks checks)
    {
        checks.OneOf(Method, Methods, "method");
        checks.Whole(Factor, 2, 4, "factor");
        checks.OneOf(Degradation, ["sliceProfile", "kSpace"], "degradation");
        checks.OneOf(SliceShape, ["gaussian", "trapezoid"], "sliceShape");
        checks.Real(SliceThickness, 0.25, 2, "sliceThickness");
        checks.Whole(ImageSize, 8, 512, "imageSize");
        checks.Whole(PatchSize, 8, Math.Max(8, ImageSize), "patchSize");
        checks.Whole(PatchDepth, 2, 64, "patchDepth");
        checks.Real(Overlap, 0, 0.75, "overlap");
        checks.Whole(GeneratorWidth, 4, 128, "generatorWidth");
        checks.Whole(Blocks, 1, 32, "blocks");
        checks.Whole(TailWidth, 4, 128, "tailWidth");
        checks.OneOf(ContentLoss, Losses.ContentLoss.Kinds, "contentLoss");
        checks.Require(LearningRate is > 0 and <= 0.01, $"learningRate must be above 0 and at most 0.01, not {LearningRate}.");
        checks.Require(EmaDecay is >= 0 and < 1, $"emaDecay must be from 0 to below 1, not {EmaDecay}.");
        checks.Require(Precision == "fp32", $"precision must be fp32: {Method} does not compute volumes in {Precision}.");
    }
}
