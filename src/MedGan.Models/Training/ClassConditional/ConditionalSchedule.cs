namespace MedGan.Models.Training;

/// <summary>
/// What changes over a class-conditional training (R3GAN, Huang et al., 2501.05441, appendix on training: learning rate and gamma fall and beta2 rises along a cosine, then stay): from its first value v
/// to its last one u as u + (v - u) (1 + cos(pi t)) / 2, or u + (v - u) (1 - t); t is the used share of the schedule, which is a share of the budget.
/// </summary>
/// <param name="Settings">First and last values.</param>
/// <param name="Share">The used share of the budget, 0 .. 1.</param>
internal readonly record struct ConditionalSchedule(ConditionalSettings Settings, double Share)
{
    /// <summary>What the learning rates are multiplied by.</summary>
    public double RateFactor => Between(1, Settings.LearningRateFinal);

    /// <summary>What gamma of R1 and R2 is multiplied by.</summary>
    public double GammaFactor => Between(1, Settings.GammaFinal);

    /// <summary>Adam's decay of the second moment.</summary>
    public double Beta2 => Between(Settings.Beta2, Settings.Beta2Final ?? Settings.Beta2);

    private double Between(double first, double last)
    {
        var t = Math.Min(1, Share / Settings.ScheduleShare);
        return last + (first - last) * (Settings.Decline == "linear" ? 1 - t : (1 + Math.Cos(Math.PI * t)) / 2);
    }
}
