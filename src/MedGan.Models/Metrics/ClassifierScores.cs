namespace MedGan.Models.Metrics;

/// <summary>How well classes were told.</summary>
/// <param name="Accuracy">The share of the images told right.</param>
/// <param name="BalancedAccuracy">The mean of the classes' recalls: a rare class counts as much as a common one.</param>
/// <param name="Recall">Of each class: the share of its images told right; NaN of a class without images.</param>
public sealed record ClassifierScores(double Accuracy, double BalancedAccuracy, IReadOnlyList<double> Recall)
{
    /// <param name="truth">Class of each image, 0 .. classes - 1.</param>
    /// <param name="found">What it was told to be.</param>
    /// <param name="classes">How many there are.</param>
    public static ClassifierScores Of(IReadOnlyList<int> truth, IReadOnlyList<int> found, int classes)
    {
        if (truth.Count == 0 || truth.Count != found.Count) throw new ArgumentException($"{truth.Count} images have {found.Count} answers.");
        var (right, all) = (new int[classes], new int[classes]);
        foreach (var (of, told) in truth.Zip(found))
        {
            all[of]++;
            if (of == told) right[of]++;
        }
        double[] recall = [.. right.Zip(all, (r, a) => a == 0 ? double.NaN : (double)r / a)];
        return new((double)right.Sum() / truth.Count, recall.Where(r => !double.IsNaN(r)).Average(), recall);
    }
}
