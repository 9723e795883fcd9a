using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace MedGan.Models.Training;

/// <summary>
/// Translation between two unpaired domains, both ways (1703.10593), and what holds it to the anatomy. A plan that names no method is one of these: such were the plans of the first models. The
/// defaults are those measured in docs/results-translation.md.
/// </summary>
public sealed record CycleGanPlan : TrainingPlan
{
    public const string MethodName = "cyclegan";

    /// <summary>With this method's defaults. Its discriminators' accuracy is told, and stops nothing unless the plan says so.</summary>
    [SetsRequiredMembers]
    public CycleGanPlan() =>
        (Method, ImageSize, BatchSize, CheckpointEverySteps, SampleEverySteps, MaxDiscriminatorAccuracy) = (MethodName, 96, 1, 50, 50, 1);

    /// <summary>Channels of the generator's first layer, 4 .. 256.</summary>
    public int GeneratorWidth { get; init; } = 16;

    /// <summary>Residual blocks of the generator, 1 .. 16.</summary>
    public int ResidualBlocks { get; init; } = 3;

    /// <summary>Channels of the generators' pixel path, 0 .. 256; 0 gives the paper's network. See <see cref="Networks.ResNetGenerator"/>.</summary>
    public int PixelPathWidth { get; init; } = 32;

    /// <summary>Channels of the discriminator's first layer, 4 .. 256.</summary>
    public int DiscriminatorWidth { get; init; } = 16;

    /// <summary>Adam's learning rate of the generators, (0, 0.1].</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Two time-scale update rule (1706.08500): the discriminators' learning rate as a multiple of the generators', (0, 10]. 1 = off.</summary>
    public double DiscriminatorRateFactor { get; init; } = 0.5;

    /// <summary>Adam's decay of the first moment, [0, 1).</summary>
    public double Beta1 { get; init; } = 0.5;

    /// <summary>Weight of the cycle consistency loss, at least 0.</summary>
    public double LambdaCycle { get; init; } = 5;

    /// <summary>Weight of the identity loss, at least 0; 0 leaves its forward pass out.</summary>
    public double LambdaIdentity { get; init; } = 2;

    /// <summary>Whether the networks see how deep each pixel lies below the body's outline: <see cref="Training.OutlineDepth"/>.</summary>
    public bool OutlineDepth { get; init; } = true;

    /// <summary>Weight of <see cref="Losses.EdgeAlignmentLoss"/> between an image and its translation, at least 0; 0 = off.</summary>
    public double LambdaEdges { get; init; } = 0;

    /// <summary>
    /// Weight of <see cref="Losses.OutlineAtlasLoss"/> at the start, at least 0; it goes linearly to <see cref="LambdaAtlasFinal"/> over the first half of the
    /// budget. Needs <see cref="OutlineDepth"/>; 0 for both = off.
    /// </summary>
    public double LambdaAtlas { get; init; } = 10;

    /// <summary>Weight of <see cref="Losses.OutlineAtlasLoss"/> in the second half of the budget, 0 .. <see cref="LambdaAtlas"/>.</summary>
    public double LambdaAtlasFinal { get; init; } = 10;

    /// <summary>Images in each discriminator's pool of earlier translations, 0 .. 10000; 0 = off.</summary>
    public int PoolSize { get; init; } = 50;

    /// <summary>Decay per step of the averaged generators that are exported, [0, 1); it grows towards this value over the first steps.</summary>
    public double EmaDecay { get; init; } = 0.98;

    /// <summary>Largest random shift of a training image, share of its width, [0, 0.25].</summary>
    public double AugmentShift { get; init; } = 0.04;

    /// <summary>Largest random rotation of a training image, degrees, [0, 45].</summary>
    public double AugmentRotationDegrees { get; init; } = 6;

    /// <summary>Largest random change of scale of a training image, [0, 0.5].</summary>
    public double AugmentScale { get; init; } = 0.05;

    /// <summary>Whether half of the training images are mirrored left to right. Off: see <see cref="Augmentation"/>.</summary>
    public bool AugmentFlip { get; init; }

    /// <summary>Of the networks' input: the image, and its outline's depth where the plan has it.</summary>
    [JsonIgnore]
    internal int InputChannels => OutlineDepth ? 2 : 1;

    /// <inheritdoc/>
    protected override void Check(PlanChecks checks)
    {
        checks.OneOf(Method, [MethodName], "method");
        checks.Require(ImageSize is >= 32 and <= 512 && ImageSize % 4 == 0, $"imageSize must be a multiple of 4 from 32 to 512, not {ImageSize}.");
        checks.Whole(GeneratorWidth, 4, 256, "generatorWidth");
        checks.Whole(ResidualBlocks, 1, 16, "residualBlocks");
        checks.Whole(PixelPathWidth, 0, 256, "pixelPathWidth");
        checks.Whole(DiscriminatorWidth, 4, 256, "discriminatorWidth");
        checks.Require(LearningRate is > 0 and <= 0.1, $"learningRate must be above 0 and at most 0.1, not {LearningRate}.");
        checks.Require(DiscriminatorRateFactor is > 0 and <= 10, $"discriminatorRateFactor must be above 0 and at most 10, not {DiscriminatorRateFactor}.");
        checks.Require(Beta1 is >= 0 and < 1, $"beta1 must be from 0 to below 1, not {Beta1}.");
        checks.Real(LambdaCycle, 0, 1000, "lambdaCycle");
        checks.Real(LambdaIdentity, 0, 1000, "lambdaIdentity");
        checks.Real(LambdaEdges, 0, 1000, "lambdaEdges");
        checks.Real(LambdaAtlas, 0, 1000, "lambdaAtlas");
        checks.Require(LambdaAtlasFinal >= 0 && LambdaAtlasFinal <= Math.Max(0, LambdaAtlas), $"lambdaAtlasFinal must be from 0 to lambdaAtlas, not {LambdaAtlasFinal}.");
        checks.Require(OutlineDepth || LambdaAtlas == 0, "lambdaAtlas needs outlineDepth: set it to 0, or outlineDepth to true.");
        checks.Whole(PoolSize, 0, 10_000, "poolSize");
        checks.Require(EmaDecay is >= 0 and < 1, $"emaDecay must be from 0 to below 1, not {EmaDecay}.");
        checks.Real(AugmentShift, 0, 0.25, "augmentShift");
        checks.Real(AugmentRotationDegrees, 0, 45, "augmentRotationDegrees");
        checks.Real(AugmentScale, 0, 0.5, "augmentScale");
    }
}
