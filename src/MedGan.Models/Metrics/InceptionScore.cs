namespace MedGan.Models.Metrics;

/// <summary>
/// Inception score (Salimans et al., 1606.03498, section 4): exp(E KL(p(y|x) || p(y))), p(y) the mean of p(y|x). Means nothing without the classifier's name.
/// </summary>
/// <param name="Classifier">Which classifier gave the probabilities.</param>
/// <param name="Value">From 1 (all images alike to it, or it is sure of none) to the number of classes.</param>
/// <param name="Images">Of how many images.</param>
public sealed record InceptionScore(string Classifier, double Value, int Images)
{
    /// <param name="classifier">Its name, such as "ResNet-18 trained on the cohort's classes".</param>
    /// <param name="probabilities">Of each image: of each class, summing to 1.</param>
    public static InceptionScore Of(string classifier, IReadOnlyList<IReadOnlyList<double>> probabilities)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(classifier);
        if (probabilities.Count == 0) throw new ArgumentException("There is no image.", nameof(probabilities));
        var classes = probabilities[0].Count;
        if (probabilities.Any(p => p.Count != classes || p.Any(v => !(v >= 0)) || Math.Abs(p.Sum() - 1) > 1e-4))
            throw new ArgumentException("Each image needs a probability for each class, summing to 1.", nameof(probabilities));
        var marginal = Enumerable.Range(0, classes).Select(c => probabilities.Average(p => p[c])).ToArray();
        var divergence = probabilities.Average(p => Enumerable.Range(0, classes).Sum(c => p[c] == 0 ? 0 : p[c] * Math.Log(p[c] / marginal[c])));
        return new(classifier, Math.Exp(divergence), probabilities.Count);
    }
}
