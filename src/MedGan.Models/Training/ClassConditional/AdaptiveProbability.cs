namespace MedGan.Models.Training;

/// <summary>
/// Adaptive discriminator augmentation (Karras et al., 2006.06676, section 3 and equation 1): r = E sign D(x) over the last few batches of training images says how far D has overfitted - 0
/// when it cannot tell them, 1 when it knows them all. Above the target the augmentation's probability p grows, below it shrinks.
/// </summary>
/// <param name="target">Of r; the paper's is 0.6.</param>
/// <param name="imagesToCertainty">Images in which p would go from 0 to 1; the paper's is 500 000.</param>
public sealed class AdaptiveProbability(double target, double imagesToCertainty)
{
    private const int Batches = 4;

    /// <summary>p is never above it: beyond, augmentations show up in what is generated (section 2.3).</summary>
    public const double Largest = 0.8;

    /// <summary>p and what has been seen since it last changed.</summary>
    public AdaptiveState State { get; set; } = new(0, 0, 0, 0);

    /// <summary>p.</summary>
    public double Value => State.Probability;

    /// <param name="realScores">D of a batch of training images.</param>
    public void Observe(ReadOnlySpan<float> realScores)
    {
        var signs = 0;
        foreach (var score in realScores) signs += Math.Sign(score);
        var state = State with { Signs = State.Signs + signs, Images = State.Images + realScores.Length, Batches = State.Batches + 1 };
        if (state.Batches == Batches)
        {
            var r = (double)state.Signs / state.Images;
            state = new AdaptiveState(Math.Clamp(state.Probability + Math.Sign(r - target) * state.Images / imagesToCertainty, 0, Largest), 0, 0, 0);
        }
        State = state;
    }
}

/// <param name="Probability">p.</param>
/// <param name="Signs">Sum of the signs since p last changed.</param>
/// <param name="Images">Scores since then.</param>
/// <param name="Batches">Batches since then.</param>
public sealed record AdaptiveState(double Probability, long Signs, long Images, int Batches);
