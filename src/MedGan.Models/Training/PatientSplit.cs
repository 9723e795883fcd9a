namespace MedGan.Models.Training;

/// <summary>
/// A division of patients - never of slices - into those that are trained on, those that choose and calibrate, and those that are only reported on.
/// </summary>
public sealed record PatientSplit(IReadOnlyList<string> Train, IReadOnlyList<string> Validation, IReadOnlyList<string> Test)
{
    /// <summary>
    /// About 70 / 15 / 15 percent, decided by <paramref name="seed"/> alone: the order in which patients are given does not matter.
    /// One patient is trained on; of two, one validates; from three on at least one validates, from four on at least one tests.
    /// </summary>
    /// <exception cref="ArgumentException">No patient was given.</exception>
    public static PatientSplit Of(IReadOnlyCollection<string> patients, long seed)
    {
        var order = patients.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        if (order.Length == 0) throw new ArgumentException("A split needs at least one patient.", nameof(patients));
        new SeededRandom(seed, stream: 1).Shuffle(order.AsSpan());
        var share = (int)Math.Round(0.15 * order.Length, MidpointRounding.AwayFromZero);
        var validation = order.Length < 2 ? 0 : Math.Max(1, share);
        var test = order.Length < 4 ? 0 : Math.Max(1, share);
        var train = order.Length - validation - test;
        return new PatientSplit(Sorted(order[..train]), Sorted(order[train..(train + validation)]), Sorted(order[(train + validation)..]));
    }

    private static string[] Sorted(string[] patients) => [.. patients.Order(StringComparer.Ordinal)];
}
