namespace MedGan.Models.Metrics;

/// <summary>How an evaluation measures.</summary>
public sealed record EvaluationOptions
{
    /// <summary>The smallest value that the images' unit allows: -1024 HU for CT. PSNR and SSIM take the range from it, feature networks see [Low, High] as [-1, 1].</summary>
    public double Low { get; init; } = -1;

    /// <summary>The largest value that the images' unit allows: 3071 HU for CT.</summary>
    public double High { get; init; } = 1;

    /// <summary>The images' unit, such as "HU"; empty for none.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Bands of the truth in which the error is given apart: <see cref="IntensityBand.Ct"/> for CT.</summary>
    public IReadOnlyList<IntensityBand> Bands { get; init; } = [];

    /// <summary>Above it is bone, in the images' unit; null for no Dice.</summary>
    public double? BoneThreshold { get; init; }

    /// <summary>Where the bright region of the radiomic features begins, in the images' unit; null for Otsu's threshold of each image.</summary>
    public double? BrightThreshold { get; init; }

    /// <summary>Feature networks see patches of so many pixels per side, cut side by side, in the place of whole images; null for whole images.</summary>
    public int? PatchSize { get; init; }

    /// <summary>k of precision, recall, density and coverage.</summary>
    public int Neighbours { get; init; } = 5;

    /// <summary>Random subsets of the kernel distance.</summary>
    public int KernelSubsets { get; init; } = 100;

    /// <summary>Images of each set in a subset of the kernel distance; the smaller set's number if that is less.</summary>
    public int KernelSubsetSize { get; init; } = 1000;

    /// <summary>Pairs of images that are compared for diversity.</summary>
    public int DiversityPairs { get; init; } = 200;

    /// <summary>Resamplings for an interval.</summary>
    public int BootstrapRounds { get; init; } = 1000;

    /// <summary>Resamplings for a Frechet distance's interval, which cost more.</summary>
    public int FrechetRounds { get; init; } = 100;

    /// <summary>Of the intervals.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Decides subsets, pairs and resamplings.</summary>
    public long Seed { get; init; } = 1;

    internal double Range => High - Low;

    /// <exception cref="ArgumentException">All that is impossible, at once.</exception>
    internal void Check()
    {
        (bool Wrong, string Message)[] checks =
        [
            (!(High > Low) || !double.IsFinite(High - Low), $"High must be above Low, not {High} and {Low}."),
            (PatchSize < 16, $"PatchSize must be at least 16, not {PatchSize}."),
            (Neighbours < 1, $"Neighbours must be at least 1, not {Neighbours}."),
            (KernelSubsets < 1, $"KernelSubsets must be at least 1, not {KernelSubsets}."),
            (KernelSubsetSize < 2, $"KernelSubsetSize must be at least 2, not {KernelSubsetSize}."),
            (DiversityPairs < 1, $"DiversityPairs must be at least 1, not {DiversityPairs}."),
            (BootstrapRounds < 2, $"BootstrapRounds must be at least 2, not {BootstrapRounds}."),
            (FrechetRounds < 2, $"FrechetRounds must be at least 2, not {FrechetRounds}."),
            (Confidence is not (> 0 and < 1), $"Confidence must lie between 0 and 1, not {Confidence}."),
        ];
        var errors = checks.Where(c => c.Wrong).Select(c => c.Message).ToArray();
        if (errors.Length > 0) throw new ArgumentException(string.Join(" ", errors));
    }
}
