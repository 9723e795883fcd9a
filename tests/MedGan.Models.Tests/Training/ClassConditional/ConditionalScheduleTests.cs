using MedGan.Models.Training;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Training.ClassConditional;

public class ConditionalScheduleTests
{
    [Theory]
    [InlineData("cosine", 0, 1, 1, 0.9)]
    [InlineData("cosine", 0.25, 0.55, 0.6, 0.945)] // the middle of a schedule over half of the budget: half-way
    [InlineData("cosine", 0.125, 0.868198, 0.882843, 0.913180)] // (1 + cos(pi / 4)) / 2 = 0.853553
    [InlineData("cosine", 0.8, 0.1, 0.2, 0.99)]
    [InlineData("linear", 0.125, 0.775, 0.8, 0.9225)]
    public void Values_MoveFromFirstToLast(string decline, double share, double rate, double gamma, double beta2)
    {
        var plan = TinyClasses.Plan("r3gan") with { Decline = decline, ScheduleShare = 0.5, LearningRateFinal = 0.1, GammaFinal = 0.2, Beta2 = 0.9, Beta2Final = 0.99 };
        var schedule = new ConditionalSchedule(plan.Settings, share);
        Assert.Equal(rate, schedule.RateFactor, 1e-6);
        Assert.Equal(gamma, schedule.GammaFactor, 1e-6);
        Assert.Equal(beta2, schedule.Beta2, 1e-6);
    }

    [Fact]
    public void RateOfNothingLeft_ChangesNoWeight()
    {
        using var scope = NewDisposeScope();
        using var method = new ClassConditionalMethod(TinyClasses.Plan("r3gan") with { LearningRateFinal = 0 }, TinyClasses.Images);
        Dictionary<string, float[]> Weights() => method.Tensors().Where(t => t.Key.StartsWith("generator.", StringComparison.Ordinal)).ToDictionary(t => t.Key, t => t.Value.detach().data<float>().ToArray());
        method.TakeStep(0, 0);
        var before = Weights();
        method.TakeStep(1, 0.9999999999);
        Assert.All(Weights(), w => Assert.Equal(before[w.Key], w.Value));
        method.TakeStep(2, 0.5);
        Assert.Contains(Weights(), w => !w.Value.SequenceEqual(before[w.Key]));
    }

    [Theory]
    [InlineData(1000, 0.05, 1e6, 0.994470)] // 0.5^(8 / 1000)
    [InlineData(1000, 0.05, 1600, 0.933033)] // the half-life is 80 images still: 0.5^(1 / 10)
    [InlineData(1000, 0.05, 0, 0)]
    public void AverageOfAHalfLife_ForgetsHalfInSoManyImages(double halfLife, double rampUp, double seen, double decay) =>
        Assert.Equal(decay, ExponentialMovingAverage.Decay(halfLife, rampUp, batch: 8, seen), 1e-6);
}
