namespace MedGan.Privacy.ReleaseGate;

/// <summary>The few choices a site can make. The defaults suit a few hundred images a set.</summary>
public sealed record GateOptions
{
    /// <summary>
    /// Accepted probability that a real image of an unseen patient would be withheld, over all views together, in (0, 0.5].
    /// Null: 1/n, n being the number of held-out images.
    /// </summary>
    public double? FalseAlarmPerImage { get; init; }

    /// <summary>With fewer usable held-out images than this nothing can be calibrated, and nothing is released. At least 4.</summary>
    public int LeastHeldOutImages { get; init; } = 10;

    /// <summary>How many training images are planted, each in every kind of copy. At least 1.</summary>
    public int PlantedImages { get; init; } = 40;

    /// <summary>An image with at most this fraction of pixels above air shows no person. In [0, 0.05].</summary>
    public double EmptyForegroundFraction { get; init; } = 0.005;

    /// <summary>Seed of the self-test's choice of images and of its noise.</summary>
    public int SelfTestSeed { get; init; } = 1;

    /// <summary>All errors at once; empty if the options can be used.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        if (FalseAlarmPerImage is not (null or > 0 and <= 0.5)) errors.Add("FalseAlarmPerImage must be above 0 and at most 0.5.");
        if (LeastHeldOutImages < 4) errors.Add("LeastHeldOutImages must be at least 4.");
        if (PlantedImages < 1) errors.Add("PlantedImages must be at least 1.");
        if (EmptyForegroundFraction is not (>= 0 and <= 0.05)) errors.Add("EmptyForegroundFraction must be from 0 to 0.05.");
        return errors;
    }
}
