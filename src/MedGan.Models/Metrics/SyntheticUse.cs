namespace MedGan.Models.Metrics;

/// <summary>How classifiers did that were trained on different materials, over the same seeds.</summary>
/// <param name="Classes">In the order of the recalls.</param>
/// <param name="Seeds">In the order of the scores.</param>
/// <param name="Confidence">Of the intervals.</param>
/// <param name="TestImages">Real images that they were asked about.</param>
/// <param name="Scores">Of each material: of each seed.</param>
public sealed record SyntheticUse(IReadOnlyList<string> Classes, IReadOnlyList<long> Seeds, double Confidence, int TestImages,
    IReadOnlyDictionary<TrainingMaterial, IReadOnlyList<ClassifierScores>> Scores)
{
    /// <summary>"accuracy", "balanced-accuracy" and "recall-CLASS" of each class, each the mean over seeds with Student's interval over them.</summary>
    public IReadOnlyList<MetricValue> Metrics(TrainingMaterial material) => [.. Named().Select(n => Value(n.Name, [.. Scores[material].Select(n.Of)]))];

    /// <summary>How much better a material is than another: the mean of the differences seed by seed, with Student's interval of paired differences.</summary>
    public IReadOnlyList<MetricValue> Differences(TrainingMaterial material, TrainingMaterial than) =>
        [.. Named().Select(n => Value(n.Name, [.. Scores[material].Zip(Scores[than], (one, other) => n.Of(one) - n.Of(other))]))];

    private MetricValue Value(string name, double[] values)
    {
        var interval = StudentT.IntervalOfMean(values, Confidence);
        return new(name, values.Average(), interval?.Low, interval?.High, "", TestImages);
    }

    private IEnumerable<(string Name, Func<ClassifierScores, double> Of)> Named() =>
    [
        ("accuracy", s => s.Accuracy), ("balanced-accuracy", s => s.BalancedAccuracy),
        .. Classes.Select((name, i) => ($"recall-{name}", (Func<ClassifierScores, double>)(s => s.Recall[i]))),
    ];
}
