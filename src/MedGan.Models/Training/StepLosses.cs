namespace MedGan.Models.Training;

/// <summary>One step's losses, unweighted but for <see cref="Generator"/>.</summary>
/// <param name="Step">1 after the first step.</param>
/// <param name="Generator">What the generators minimise: the weighted sum of all their terms.</param>
/// <param name="DiscriminatorA">Of the discriminator of A.</param>
/// <param name="DiscriminatorB">Of the discriminator of B.</param>
/// <param name="Adversarial">The generators' adversarial terms, both directions.</param>
/// <param name="Cycle">Both directions, mean absolute difference in [-1, 1] units.</param>
/// <param name="Identity">Both directions; 0 when off.</param>
/// <param name="Edges">Both directions; 0 when off.</param>
/// <param name="Atlas">Both directions; 0 when off.</param>
public sealed record StepLosses(
    long Step, double Generator, double DiscriminatorA, double DiscriminatorB, double Adversarial, double Cycle, double Identity, double Edges, double Atlas)
{
    /// <summary>The name of a loss that is not a finite number, or null.</summary>
    public string? NotFinite() =>
        !double.IsFinite(Generator) ? "the generators' loss"
        : !double.IsFinite(DiscriminatorA) ? "the loss of A's discriminator"
        : !double.IsFinite(DiscriminatorB) ? "the loss of B's discriminator"
        : null;
}
