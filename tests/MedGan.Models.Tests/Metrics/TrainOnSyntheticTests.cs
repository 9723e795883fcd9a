using MedGan.Models.Metrics;
using MedGan.Models.Tests.Training;
using MedGan.Models.Training;

namespace MedGan.Models.Tests.Metrics;

public class TrainOnSyntheticTests
{
    private static readonly ClassifierPlan Plan = new() { ImageSize = TinyCohort.Size, Steps = 80, BatchSize = 16, Width = 8, LearningRate = 3e-3, Seeds = [1, 2], Threads = 1 };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void EveryMaterial_ClassesThatDiffer_AreToldApart()
    {
        var use = TrainOnSynthetic.Of(Discs(0, 6, 3), Discs(100, 20, 20), Discs(200, 20, 20), Enum.GetValues<TrainingMaterial>(), Plan, Ct);
        Assert.Equal(["ring", "solid"], use.Classes);
        foreach (var material in Enum.GetValues<TrainingMaterial>())
        {
            var metrics = use.Metrics(material);
            Assert.Equal(["accuracy", "balanced-accuracy", "recall-ring", "recall-solid"], metrics.Select(m => m.Name));
            Assert.True(metrics[0].Value > 0.85, $"{material}: {metrics[0]}");
            Assert.All(metrics, m => Assert.True(m.Low <= m.Value && m.Value <= m.High && m.Images == 40));
        }
    }

    [Fact]
    public void SyntheticImagesWithWrongLabels_TeachTheWrongAnswers()
    {
        var swapped = Discs(100, 20, 20).Select(i => i with { Class = i.Class == "ring" ? "solid" : "ring" }).ToArray();
        var use = TrainOnSynthetic.Of(Discs(0, 6, 6), swapped, Discs(200, 20, 20), [TrainingMaterial.None, TrainingMaterial.SyntheticOnly], Plan, Ct);
        Assert.True(use.Metrics(TrainingMaterial.SyntheticOnly)[0].Value < 0.05);
        var difference = use.Differences(TrainingMaterial.None, than: TrainingMaterial.SyntheticOnly);
        Assert.Equal(use.Metrics(TrainingMaterial.None)[1].Value - use.Metrics(TrainingMaterial.SyntheticOnly)[1].Value, difference[1].Value, 1e-12);
        Assert.True(difference[1].Value > 0.9);
    }

    [Fact]
    public void SameSeeds_SameScores()
    {
        double[] Scores() => [.. TrainOnSynthetic.Of(Hard(0), Hard(50), Hard(100), [TrainingMaterial.Both], Plan with { Steps = 8 }, Ct).Scores[TrainingMaterial.Both].SelectMany(s => s.Recall)];
        Assert.Equal(Scores(), Scores());
    }

    [Fact]
    public void Training_SameSeed_GivesTheSameAnswers_OtherSeed_OtherWeights()
    {
        int[] Answers(long seed)
        {
            var images = Hard(0).GroupBy(i => i.Class).Select(g => g.Select(i => i.Pixels).ToArray()).ToArray();
            using var training = new ClassifierTraining(Plan with { Steps = 3 }, images, [[], []], augment: true, seed);
            training.Learn(Ct);
            return training.Classify([.. Hard(100).Select(i => i.Pixels)]);
        }
        Assert.Equal(Answers(1), Answers(1));
        Assert.Contains(Enumerable.Range(2, 5), seed => !Answers(seed).SequenceEqual(Answers(1)));
    }

    [Fact]
    public void Scores_KnownAnswers_EqualScikitLearn()
    {
        // sklearn 1.2.1: accuracy_score, balanced_accuracy_score and recall_score(average=None) of the same
        var scores = ClassifierScores.Of([0, 0, 0, 1, 1, 2], [0, 1, 0, 1, 1, 0], classes: 4);
        Assert.Equal(0.6666666666666666, scores.Accuracy, 1e-12);
        Assert.Equal(0.5555555555555555, scores.BalancedAccuracy, 1e-12);
        Assert.Equal([0.6666666666666666, 1, 0, double.NaN], scores.Recall);
    }

    [Theory]
    [InlineData(1, 0.95, 12.706204736432095)] // scipy 1.10.1: stats.t.ppf((1 + confidence) / 2, degrees)
    [InlineData(2, 0.95, 4.302652729911275)]
    [InlineData(4, 0.95, 2.7764451051977987)]
    [InlineData(9, 0.95, 2.2621571627409915)]
    [InlineData(9, 0.99, 3.2498355440153697)]
    [InlineData(30, 0.8, 1.3104150253914)] // where stats.t.cdf is 0.9; ppf itself is off by 3e-9 there
    public void StudentsBound_EqualsScipy(int degrees, double confidence, double expected) => Assert.Equal(expected, StudentT.Bound(confidence, degrees), 1e-9 * expected);

    [Fact]
    public void StudentsInterval_KnownValues_EqualsScipy()
    {
        // scipy 1.10.1: stats.t.interval(0.95, 4, loc=numpy.mean(v), scale=stats.sem(v))
        var interval = StudentT.IntervalOfMean([0.7, 0.8, 0.75, 0.9, 0.65], 0.95)!.Value;
        Assert.Equal(0.6405805805950008, interval.Low, 1e-9);
        Assert.Equal(0.8794194194049992, interval.High, 1e-9);
        Assert.Null(StudentT.IntervalOfMean([1], 0.95));
    }

    [Fact]
    public void ImpossibleInput_IsRefusedByName()
    {
        var (real, rare) = (Discs(0, 4, 4), Discs(100, 3, 0));
        string Refused(IReadOnlyList<LabelledImage> train, IReadOnlyList<LabelledImage> synthetic, TrainingMaterial material, ClassifierPlan plan) =>
            Assert.Throws<ArgumentException>(() => TrainOnSynthetic.Of(train, synthetic, real, [material], plan, Ct)).Message;
        Assert.Contains("solid", Refused(real, rare, TrainingMaterial.SyntheticOnly, Plan), StringComparison.Ordinal);
        Assert.Contains("no synthetic", Refused(real, [], TrainingMaterial.Both, Plan), StringComparison.Ordinal);
        Assert.Contains("two classes", Refused(rare, rare, TrainingMaterial.None, Plan), StringComparison.Ordinal);
        Assert.Contains("1024", Refused(real, rare, TrainingMaterial.None, Plan with { ImageSize = 64 }), StringComparison.Ordinal);
        var errors = Refused(real, rare, TrainingMaterial.None, Plan with { Width = 6, Steps = 0, SyntheticShare = 1 });
        foreach (var name in new[] { "Width", "Steps", "SyntheticShare" }) Assert.Contains(name, errors, StringComparison.Ordinal);
    }

    private static LabelledImage[] Discs(int seed, int rings, int solids) =>
    [
        .. Enumerable.Range(seed, rings).Select(i => new LabelledImage("ring", TinyCohort.Disc(i, 0.1f, -0.7f).Pixels)),
        .. Enumerable.Range(seed + 50, solids).Select(i => new LabelledImage("solid", TinyCohort.Disc(i, 0.8f, 0.8f).Pixels)),
    ];

    // two classes that hardly differ
    private static LabelledImage[] Hard(int seed) =>
        [.. Enumerable.Range(seed, 30).Select(i => new LabelledImage(i % 2 == 0 ? "a" : "b", TinyCohort.Disc(i, i % 2 == 0 ? 0.30f : 0.32f, 0.5f).Pixels))];
}
