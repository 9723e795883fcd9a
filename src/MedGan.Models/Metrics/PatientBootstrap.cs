using MedGan.Models.Training;

namespace MedGan.Models.Metrics;

/// <summary>
/// Resampling of images by patient (the cluster bootstrap; Davison and Hinkley 1997, section 3.8): as many patients as there are, drawn with replacement, each with
/// all of its images. An image of an unknown patient stands for one of its own.
/// </summary>
internal sealed class PatientBootstrap
{
    private readonly int[][] patients; // the images of each

    public PatientBootstrap(IReadOnlyList<string?> patientOf)
    {
        patients = [.. patientOf.Index().GroupBy(p => p.Item ?? $"\0{p.Index}", p => p.Index).Select(g => g.ToArray())];
        Images = patientOf.Count;
        Patients = patientOf.Contains(null) ? null : patients.Length;
    }

    public int Images { get; }

    /// <summary>Null where one is unknown.</summary>
    public int? Patients { get; }

    /// <summary>Whether there is anything to resample.</summary>
    public bool HasSpread => patients.Length > 1;

    /// <returns>How often each image is in the new set.</returns>
    public int[] Draw(SeededRandom random)
    {
        var times = new int[Images];
        for (var i = 0; i < patients.Length; i++)
            foreach (var image in patients[random.Next(patients.Length)]) times[image]++;
        return times;
    }

    /// <summary>The percentile interval of a mean over images; values that are not numbers do not count.</summary>
    public Interval? OfMean(IReadOnlyList<double> values, EvaluationOptions options)
    {
        var counted = Enumerable.Range(0, values.Count).Where(i => !double.IsNaN(values[i])).ToArray();
        return Interval.Of(OfOne(times => counted.Sum(i => times[i] == 0 ? 0 : times[i] * values[i]) / counted.Sum(i => times[i]), options), options.Confidence);
    }

    /// <summary>What a statistic of one set gives for sets drawn anew; nothing where there is but one patient.</summary>
    public double[] OfOne(Func<int[], double> statistic, EvaluationOptions options)
    {
        if (!HasSpread) return [];
        var random = new SeededRandom(options.Seed, stream: 43);
        return [.. Enumerable.Range(0, options.BootstrapRounds).Select(_ => statistic(Draw(random)))];
    }

    /// <summary>What a statistic of two sets gives for sets drawn anew, each from its own patients.</summary>
    public static double[] OfTwo(PatientBootstrap real, PatientBootstrap generated, Func<int[], int[], double> statistic, int rounds, EvaluationOptions options)
    {
        if (!real.HasSpread || !generated.HasSpread) return [];
        var random = new SeededRandom(options.Seed, stream: 44);
        return [.. Enumerable.Range(0, rounds).Select(_ => statistic(real.Draw(random), generated.Draw(random)))];
    }
}

/// <summary>A confidence interval.</summary>
internal readonly record struct Interval(double Low, double High)
{
    /// <summary>Between two percentiles; null where fewer than two values are numbers.</summary>
    public static Interval? Of(IEnumerable<double> values, double confidence)
    {
        var numbers = values.Where(v => !double.IsNaN(v)).ToArray();
        return numbers.Length < 2 ? null : new(Percentile.Of(numbers, (1 - confidence) / 2), Percentile.Of(numbers, (1 + confidence) / 2));
    }

    /// <summary>
    /// The same, moved so that the values' mean lies at the estimate: for statistics that resampling itself shifts, since a patient drawn twice makes the set look
    /// more alike than it is.
    /// </summary>
    public static Interval? Around(double estimate, IReadOnlyList<double> values, double confidence)
    {
        var numbers = values.Where(v => !double.IsNaN(v)).ToArray();
        if (numbers.Length < 2) return null;
        var shift = estimate - numbers.Average();
        return Of(numbers.Select(v => v + shift), confidence);
    }
}
