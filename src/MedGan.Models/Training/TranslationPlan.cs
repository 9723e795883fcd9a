namespace MedGan.Models.Training;

/// <summary>What plans of translation, from pairs or between unpaired domains, have in common.</summary>
public abstract record TranslationPlan : TrainingPlan
{
    /// <summary>Neighbouring slices that the network sees, an odd number, 1 .. 9; 1 = the slice alone.</summary>
    public int Slices { get; init; } = 1;

    /// <summary>Channels of the generator's finest level, 4 .. 256.</summary>
    public int GeneratorWidth { get; init; } = 32;

    /// <summary>Self-attention at the generator's coarsest level (SAGAN, 1805.08318); see <see cref="Networks.Conditional.SelfAttention"/>.</summary>
    public bool Attention { get; init; }

    /// <summary>Channels of the discriminator's first layer, 4 .. 256.</summary>
    public int DiscriminatorWidth { get; init; } = 64;

    /// <summary>
    /// Spectral normalisation of the discriminator (1802.05957) in the place of instance normalisation, which would undo it; see <see cref="Regularizers.SpectralNorm"/>.
    /// </summary>
    public bool SpectralNorm { get; init; }

    /// <summary>Adam's learning rate of the generator, (0, 0.1]; constant for the first half of the budget, then linearly down to 0.</summary>
    public double LearningRate { get; init; } = 2e-4;

    /// <summary>Two time-scale update rule (1706.08500): the discriminator's learning rate as a multiple, (0, 10].</summary>
    public double DiscriminatorRateFactor { get; init; } = 1;

    /// <summary>Adam's decay of the first moment, [0, 1).</summary>
    public double Beta1 { get; init; } = 0.5;

    /// <summary>Decay per step of the averaged generator that is exported, [0, 1).</summary>
    public double EmaDecay { get; init; } = 0.995;

    /// <summary>Largest random shift of an image, or of both of a pair, share of the width, [0, 0.25].</summary>
    public double AugmentShift { get; init; }

    /// <summary>Largest random rotation, degrees, [0, 45].</summary>
    public double AugmentRotationDegrees { get; init; }

    /// <summary>Largest random change of scale, [0, 0.5].</summary>
    public double AugmentScale { get; init; }

    /// <summary>Whether half of the images are mirrored left to right. See <see cref="Training.Augmentation"/> before turning it on.</summary>
    public bool AugmentFlip { get; init; }

    /// <inheritdoc/>
    protected override bool Accumulates => true;

    internal Augmentation Augmentation => new(AugmentShift, AugmentRotationDegrees, AugmentScale, AugmentFlip);

    /// <inheritdoc/>
    protected override void Check(PlanChecks checks)
    {
        checks.Require(Slices is >= 1 and <= 9 && Slices % 2 == 1, $"slices must be an odd number from 1 to 9, not {Slices}.");
        checks.Whole(GeneratorWidth, 4, 256, "generatorWidth");
        checks.Whole(DiscriminatorWidth, 4, 256, "discriminatorWidth");
        checks.Require(LearningRate is > 0 and <= 0.1, $"learningRate must be above 0 and at most 0.1, not {LearningRate}.");
        checks.Require(DiscriminatorRateFactor is > 0 and <= 10, $"discriminatorRateFactor must be above 0 and at most 10, not {DiscriminatorRateFactor}.");
        checks.Require(Beta1 is >= 0 and < 1, $"beta1 must be from 0 to below 1, not {Beta1}.");
        checks.Require(EmaDecay is >= 0 and < 1, $"emaDecay must be from 0 to below 1, not {EmaDecay}.");
        checks.Real(AugmentShift, 0, 0.25, "augmentShift");
        checks.Real(AugmentRotationDegrees, 0, 45, "augmentRotationDegrees");
        checks.Real(AugmentScale, 0, 0.5, "augmentScale");
    }
}
