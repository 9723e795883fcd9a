namespace MedGan.Models.Training;

/// <summary>
/// CycleGAN's schedule (1703.10593, section 4 "training details"): constant for the first half of the budget, then linearly down to 0.
/// </summary>
public static class LearningRateSchedule
{
    /// <param name="share">The used share of the budget, 0 .. 1.</param>
    /// <returns>What to multiply the plan's learning rate by, 0 .. 1.</returns>
    public static double Factor(double share) => Math.Clamp(2 * (1 - share), 0, 1);
}
