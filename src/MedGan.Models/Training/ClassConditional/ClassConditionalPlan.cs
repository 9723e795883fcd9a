using System.Text.Json.Serialization;

namespace MedGan.Models.Training;

/// <summary>
/// A training of a class-conditional generator: "dcgan", "wgan-gp", "sagan", "biggan", "stylegan2-ada" or "r3gan". A field that is null takes the method's own value
/// (<see cref="ConditionalSettings"/>), so that a plan names only what it wants otherwise.
/// </summary>
public sealed record ClassConditionalPlan : TrainingPlan
{
    /// <summary>The classes' names, 1 .. 100, in the order of their numbers; with one class nothing is conditional.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Of an image: 1, or neighbouring slices, 1 .. 9.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Z, 8 .. 1024; a multiple of the resolutions' number for biggan.</summary>
    public int LatentDimensions { get; init; } = 64;

    /// <summary>The generator's channels at full resolution, 4 .. 256; twice as many at each half of it.</summary>
    public int GeneratorWidth { get; init; } = 16;

    /// <summary>The discriminator's channels at full resolution, 4 .. 256.</summary>
    public int DiscriminatorWidth { get; init; } = 16;

    /// <summary>The most channels anywhere, 4 .. 2048.</summary>
    public int WidestLayer { get; init; } = 128;

    /// <summary>stylegan2-ada: layers of the mapping network, 1 .. 8.</summary>
    public int MappingDepth { get; init; } = 2;

    /// <summary>r3gan: residual blocks at each resolution, 1 .. 4.</summary>
    public int BlocksPerStage { get; init; } = 1;

    /// <summary>sagan, biggan: where self-attention is, pixels per side, 8 .. half the image's; 0 for none.</summary>
    public int AttentionResolution { get; init; } = 16;

    /// <summary>One of <see cref="Losses.Adversarial.AdversarialLosses"/>.</summary>
    public string? Loss { get; init; }

    /// <summary>Adam's learning rate of the generator, above 0, at most 0.1.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Two time-scale update rule (1706.08500): the discriminator's learning rate as a multiple of the generator's, above 0, at most 10.</summary>
    public double? DiscriminatorRateFactor { get; init; }

    /// <summary>The learning rates at the end of the schedule as a share of those at the beginning, 0 .. 1; 1 = they stay.</summary>
    public double? LearningRateFinal { get; init; }

    /// <summary>How values move from first to last: "cosine" or "linear".</summary>
    public string? Decline { get; init; }

    /// <summary>The share of the budget over which they move, above 0, at most 1; from there on they stay at the last.</summary>
    public double? ScheduleShare { get; init; }

    /// <summary>Adam's decay of the first moment, 0 .. 0.999.</summary>
    public double? Beta1 { get; init; }

    /// <summary>Adam's decay of the second moment, 0 .. 0.99999.</summary>
    public double? Beta2 { get; init; }

    /// <summary>The same at the end of the schedule, 0 .. 0.99999; null = it stays.</summary>
    public double? Beta2Final { get; init; }

    /// <summary>Steps of the discriminator for each of the generator, 1 .. 10.</summary>
    public int? DiscriminatorSteps { get; init; }

    /// <summary>gamma of R1, 0 .. 1000; 0 = off.</summary>
    public double? R1Gamma { get; init; }

    /// <summary>gamma of R2, 0 .. 1000; 0 = off.</summary>
    public double? R2Gamma { get; init; }

    /// <summary>Both gammas at the end of the schedule as a share of those at the beginning, 0 .. 1; 1 = they stay.</summary>
    public double? GammaFinal { get; init; }

    /// <summary>R1 and R2 every so many steps, 1 .. 64, multiplied by as much.</summary>
    public int? R1Interval { get; init; }

    /// <summary>Weight of <see cref="Regularizers.WassersteinGradientPenalty"/>, 0 .. 1000; 0 = off.</summary>
    public double? LambdaGradientPenalty { get; init; }

    /// <summary>The discriminator's largest weight, 0 .. 1; 0 = off.</summary>
    public double? WeightClip { get; init; }

    /// <summary>Weight of <see cref="Regularizers.OrthogonalPenalty"/> on the generator, 0 .. 1; 0 = off.</summary>
    public double? LambdaOrthogonal { get; init; }

    /// <summary>stylegan2-ada: weight of <see cref="Regularizers.PathLengthPenalty"/>, 0 .. 1000, every fourth step and multiplied by four; 0 = off.</summary>
    public double? LambdaPathLength { get; init; }

    /// <summary>Weight of <see cref="Regularizers.FeatureMatchingLoss"/>, 0 .. 1000; 0 = off.</summary>
    public double? LambdaFeatureMatching { get; init; }

    /// <summary>Weight of <see cref="Regularizers.ConsistencyPenalty"/> on real and generated images, 0 .. 1000; 0 = off.</summary>
    public double? LambdaConsistency { get; init; }

    /// <summary>Weight of <see cref="Regularizers.LeCamPenalty"/>, 0 .. 100; 0 = off.</summary>
    public double? LambdaLeCam { get; init; }

    /// <summary>The discriminator's: "none", "batch" (dcgan) or "spectral" (dcgan, wgan-gp, sagan, biggan; in the last two of the generator as well).</summary>
    public string? DiscriminatorNormalisation { get; init; }

    /// <summary>stylegan2-ada: whether the discriminator sees how much a batch varies.</summary>
    public bool? MinibatchDeviation { get; init; }

    /// <summary>stylegan2-ada: the share of generated images whose finer layers have another latent's style, 0 .. 1.</summary>
    public double? StyleMixing { get; init; }

    /// <summary>What the discriminator sees of real and generated images: "none" (as they are), "diffaugment" (all changed) or "ada" (changed as far as it overfits).</summary>
    public string? Augmentation { get; init; }

    /// <summary>ada: what E sign D(x) is held at, 0 .. 1.</summary>
    public double AdaTarget { get; init; } = 0.6;

    /// <summary>ada: images in which the probability could go from 0 to 1, 1 .. 10^9.</summary>
    public double AdaImages { get; init; } = 50_000;

    /// <summary>Largest random shift, share of the image's width, 0 .. 0.5.</summary>
    public double AugmentShift { get; init; } = 0.1;

    /// <summary>Largest random rotation, degrees, 0 .. 45.</summary>
    public double AugmentRotationDegrees { get; init; } = 10;

    /// <summary>Largest random change of scale, 0 .. 0.5.</summary>
    public double AugmentScale { get; init; } = 0.1;

    /// <summary>Largest random change of brightness above air, 0 .. 0.5. Set it to 0 where values have a meaning of their own, as in CT.</summary>
    public double AugmentIntensity { get; init; } = 0.1;

    /// <summary>Side of the square that is cut out, share of the image's width, 0 .. 0.75.</summary>
    public double AugmentCutout { get; init; } = 0.3;

    /// <summary>Whether half of the images are mirrored left to right. Off: laterality is clinical information.</summary>
    public bool AugmentFlip { get; init; }

    /// <summary>How far rare classes are drawn more often than they occur: 0 = not, 1 = all classes alike.</summary>
    public double ClassBalance { get; init; } = 1;

    /// <summary>The classes of generated images: "as-real" (each that of the real image beside it) or "uniform".</summary>
    public string GeneratedClasses { get; init; } = "as-real";

    /// <summary>Decay per step of the averaged generator that is exported, 0 .. 0.99999; it grows towards this value over the first steps.</summary>
    public double EmaDecay { get; init; } = 0.995;

    /// <summary>In the place of <see cref="EmaDecay"/>: images after which a step counts half in the averaged generator, 1 .. 10^9 (1710.10196, section 4; 2006.06676, appendix C).</summary>
    public double? EmaHalfLifeImages { get; init; }

    /// <summary>The half-life is at most this share of the images seen, above 0, at most 1: 0.05 in StyleGAN2-ADA.</summary>
    public double EmaRampUp { get; init; } = 0.05;

    /// <summary>A model folder whose weights the training starts from; classes are matched by name, a new one starts as the mean of the old. Null: from random weights.</summary>
    public string? TransferFrom { get; init; }

    /// <summary>FreezeD (2002.10964): the discriminator's first so many stages stay as they were in <see cref="TransferFrom"/>.</summary>
    public int FrozenStages { get; init; }

    [JsonIgnore]
    internal ConditionalSettings Settings => ConditionalSettings.Of(this);

    protected override void Check(PlanChecks checks) => ClassConditionalChecks.Add(this, checks);
}
