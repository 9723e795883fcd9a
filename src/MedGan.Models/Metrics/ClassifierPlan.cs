using MedGan.Models.Training;

namespace MedGan.Models.Metrics;

/// <summary>How the classifier is trained that shows what synthetic images are good for.</summary>
public sealed record ClassifierPlan
{
    /// <summary>Pixels per side of every image, at least 16.</summary>
    public int ImageSize { get; init; } = 64;

    /// <summary>Steps of one training.</summary>
    public int Steps { get; init; } = 400;

    /// <summary>Images of one step; each class is drawn as often as any other.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Adam's.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Channels of the first layer, a multiple of 4.</summary>
    public int Width { get; init; } = 16;

    /// <summary>What classical augmentation does.</summary>
    public Augmentation Augmentation { get; init; } = new(ShiftShare: 0.06, RotationDegrees: 15, ScaleShare: 0.1, Flip: true);

    /// <summary>The share of a class's draws that are synthetic, where it has real and synthetic images, (0, 1).</summary>
    public double SyntheticShare { get; init; } = 0.5;

    /// <summary>One training each: weights, order and augmentation. At least two for an interval.</summary>
    public IReadOnlyList<long> Seeds { get; init; } = [1, 2, 3, 4, 5];

    /// <summary>Of the intervals over seeds.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>CPU threads; 0 = one for each processor. The same number gives the same result, to the bit.</summary>
    public int Threads { get; init; }

    /// <exception cref="ArgumentException">All that is impossible, at once.</exception>
    internal void Check()
    {
        (bool Wrong, string Message)[] checks =
        [
            (ImageSize < 16, $"ImageSize must be at least 16, not {ImageSize}."),
            (Steps < 1, $"Steps must be at least 1, not {Steps}."),
            (BatchSize < 1, $"BatchSize must be at least 1, not {BatchSize}."),
            (!(LearningRate > 0), $"LearningRate must be above 0, not {LearningRate}."),
            (Width < 4 || Width % 4 != 0, $"Width must be a multiple of 4, not {Width}."),
            (SyntheticShare is not (> 0 and < 1), $"SyntheticShare must lie between 0 and 1, not {SyntheticShare}."),
            (Seeds.Count == 0 || Seeds.Distinct().Count() < Seeds.Count, "Seeds must be some, all different."),
            (Confidence is not (> 0 and < 1), $"Confidence must lie between 0 and 1, not {Confidence}."),
            (Threads < 0, $"Threads must be at least 0, not {Threads}."),
        ];
        var errors = checks.Where(c => c.Wrong).Select(c => c.Message).ToArray();
        if (errors.Length > 0) throw new ArgumentException(string.Join(" ", errors));
    }
}

/// <summary>What a classifier is trained on. It is always tested on real images.</summary>
public enum TrainingMaterial
{
    /// <summary>The real images as they are.</summary>
    None,

    /// <summary>The real images, moved a little at each draw.</summary>
    Classical,

    /// <summary>The real and the synthetic images as they are.</summary>
    Synthetic,

    /// <summary>The real and the synthetic images, moved a little at each draw.</summary>
    Both,

    /// <summary>The synthetic images alone, as they are: train on synthetic, test on real.</summary>
    SyntheticOnly,
}

/// <summary>An image of a known class.</summary>
/// <param name="Class">Its class's name.</param>
/// <param name="Pixels">Rows of a square image, in [-1, 1].</param>
public sealed record LabelledImage(string Class, float[] Pixels);
