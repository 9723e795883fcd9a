using MedGan.Models.Networks;

namespace MedGan.Models.Training.Volumes;

/// <summary>
/// Translation from registered pairs of volumes, patch by patch: "residual-unet-3d", the residual U-Net of images with three dimensions (as the 3D U-Net, 1606.06650), by differences of voxels and of gradients.
/// </summary>
public sealed record VolumeTranslationPlan : TrainingPlan
{
    public static IReadOnlyList<string> Methods { get; } = ["residual-unet-3d"];

    /// <summary>Rows and columns of a patch, 8 .. ImageSize.</summary>
    public int PatchSize { get; init; } = 64;

    /// <summary>Slices of a patch, 4 .. 256; a volume has at least as many.</summary>
    public int PatchDepth { get; init; } = 16;

    /// <summary>The least share of a patch that overlaps the next when a volume is translated, 0 .. 0.75. See <see cref="Sampling.VolumeTranslator"/>.</summary>
    public double Overlap { get; init; } = 0.5;

    /// <summary>Channels of the finest level, 4 .. 128.</summary>
    public int GeneratorWidth { get; init; } = 16;

    /// <summary>Halvings, 1 .. 5; a patch's sides are multiples of 2^levels, at least two.</summary>
    public int Levels { get; init; } = 3;

    /// <summary>Residual blocks at the coarsest level, 1 .. 16.</summary>
    public int ResidualBlocks { get; init; } = 2;

    /// <summary>Adam's learning rate, (0, 0.1]; constant for the first half of the budget, then linearly down to 0.</summary>
    public double LearningRate { get; init; } = 5e-4;

    /// <summary>Weight of the mean absolute difference, 0 .. 1000.</summary>
    public double LambdaL1 { get; init; } = 1;

    /// <summary>Weight of <see cref="Losses.GradientDifferenceLoss"/>, along all three axes, 0 .. 1000.</summary>
    public double LambdaGradient { get; init; } = 0.1;

    /// <summary>Decay per step of the averaged generator that is exported, [0, 1).</summary>
    public double EmaDecay { get; init; } = 0.995;

    /// <summary>Whether half of the patches are mirrored left to right. See <see cref="Augmentation"/> before turning it on.</summary>
    public bool AugmentFlip { get; init; }

    /// <summary>The network that the plan describes; its weights are as they come.</summary>
    internal ResidualUNet Generator() => new(GeneratorWidth, Levels, ResidualBlocks, dimensions: 3);

    /// <inheritdoc/>
    protected override bool Accumulates => true;

    /// <inheritdoc/>
    protected override void Check(PlanChecks checks)
    {
        checks.OneOf(Method, Methods, "method");
        checks.Whole(ImageSize, 8, 512, "imageSize");
        checks.Whole(PatchSize, 8, Math.Max(8, ImageSize), "patchSize");
        checks.Whole(PatchDepth, 4, 256, "patchDepth");
        checks.Real(Overlap, 0, 0.75, "overlap");
        checks.Whole(GeneratorWidth, 4, 128, "generatorWidth");
        checks.Whole(Levels, 1, 5, "levels");
        checks.Whole(ResidualBlocks, 1, 16, "residualBlocks");
        checks.Require(LearningRate is > 0 and <= 0.1, $"learningRate must be above 0 and at most 0.1, not {LearningRate}.");
        checks.Real(LambdaL1, 0, 1000, "lambdaL1");
        checks.Real(LambdaGradient, 0, 1000, "lambdaGradient");
        checks.Require(LambdaL1 + LambdaGradient > 0, "lambdaL1 or lambdaGradient must be above 0.");
        checks.Require(EmaDecay is >= 0 and < 1, $"emaDecay must be from 0 to below 1, not {EmaDecay}.");
        checks.Require(Precision == "fp32", $"precision must be fp32: {Method} does not compute volumes in {Precision}.");
        if (Levels is < 1 or > 5) return;
        foreach (var (side, name) in new[] { (PatchSize, "patchSize"), (PatchDepth, "patchDepth") })
            checks.Require(side % (1 << Levels) == 0 && side >= 2 << Levels, $"{Levels} levels need a {name} that is a multiple of {1 << Levels} and at least {2 << Levels}, not {side}.");
    }
}
