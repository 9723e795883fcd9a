namespace MedGan.Models.Losses.Adversarial;

/// <summary>The adversarial losses by name, as plans name them.</summary>
public static class AdversarialLosses
{
    private static readonly SortedDictionary<string, IAdversarialLoss> All = new(StringComparer.Ordinal)
    {
        ["minimax"] = new MinimaxLoss(),
        ["non-saturating"] = new NonSaturatingLoss(),
        ["least-squares"] = new LeastSquaresAdversarialLoss(),
        ["wasserstein"] = new WassersteinLoss(),
        ["hinge"] = new HingeLoss(),
        ["relativistic-average"] = new RelativisticAverageLoss(),
        ["relativistic-pairing"] = new RelativisticPairingLoss(),
    };

    public static IReadOnlyCollection<string> Names => All.Keys;

    /// <exception cref="ArgumentException">There is no loss of that name.</exception>
    public static IAdversarialLoss Named(string name) =>
        All.TryGetValue(name, out var loss) ? loss : throw new ArgumentException($"The adversarial loss must be one of {string.Join(", ", Names)}, not {name}.", nameof(name));
}
