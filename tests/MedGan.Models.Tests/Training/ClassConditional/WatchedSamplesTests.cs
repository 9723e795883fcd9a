using MedGan.Models.Training;

namespace MedGan.Models.Tests.Training.ClassConditional;

public class WatchedSamplesTests
{
    private static readonly ClassConditionalPlan Plan = TinyClasses.Plan("dcgan");
    private static readonly float[][] Discs = [.. TinyClasses.Images.Where(i => i.Class == "disc").Select(i => i.Pixels)];

    [Fact]
    public void OneImageAgainAndAgain_HasNoDiversity_AndACopyIsSimilar()
    {
        var copies = Measure(TinyClasses.Images, [Discs[0], Discs[0], Discs[0], Discs[0]]);
        Assert.Equal(0, copies.Diversity, 1e-6);
        Assert.Equal(1, copies.TrainingSimilarity, 1e-6);
        var different = Measure(TinyClasses.Images, Discs[..4]);
        Assert.True(different.Diversity > 0.1, $"{different.Diversity}");
        Assert.Equal(1, different.TrainingSimilarity, 1e-6);
    }

    [Fact]
    public void ImagesThatNoneWasTrainedOn_AreLessSimilar()
    {
        ClassImage[] others = [.. TinyClasses.Images.Where(i => !Discs[..4].Contains(i.Pixels))];
        Assert.InRange(Measure(others, Discs[..4]).TrainingSimilarity, 0.01, 0.99);
    }

    [Fact]
    public void Method_TellsBoth_FromTheFirstMeasurementOn_AndKeepsThemInItsCheckpoint()
    {
        using var method = new ClassConditionalMethod(Plan, TinyClasses.Images);
        Assert.DoesNotContain(TrainingWatch.Diversity, method.TakeStep(0, 0).Keys);
        var measured = method.TakeStep(WatchedSamples.EverySteps - 1, 0);
        Assert.InRange(measured[TrainingWatch.Diversity], 0, 1);
        Assert.InRange(measured[TrainingWatch.TrainingSimilarity], 0, 1);
        using var restored = new ClassConditionalMethod(Plan, TinyClasses.Images) { Counters = method.Counters };
        Assert.Equal(measured[TrainingWatch.Diversity], restored.TakeStep(WatchedSamples.EverySteps, 0)[TrainingWatch.Diversity]);
    }

    private static WatchedFigures Measure(IReadOnlyList<ClassImage> training, IReadOnlyList<float[]> samples)
    {
        var watched = new WatchedSamples(training, Plan);
        watched.Measure(new SampleSheet(2, TinyClasses.Size, TinyClasses.Size, samples));
        return watched.Last!;
    }
}
