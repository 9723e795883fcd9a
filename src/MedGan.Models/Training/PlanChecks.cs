using System.Globalization;

namespace MedGan.Models.Training;

/// <summary>Collects every error of a plan.</summary>
public sealed class PlanChecks
{
    private readonly List<string> errors = [];

    public IReadOnlyList<string> Errors => errors;

    public void Require(bool holds, string error)
    {
        if (!holds) errors.Add(error);
    }

    public void Whole(long value, long low, long high, string name) =>
        Require(value >= low && value <= high, string.Create(CultureInfo.InvariantCulture, $"{name} must be a whole number from {low} to {high}, not {value}."));

    public void Real(double value, double low, double high, string name) =>
        Require(value >= low && value <= high, string.Create(CultureInfo.InvariantCulture, $"{name} must be from {low} to {high}, not {value}."));

    public void OneOf(string value, IEnumerable<string> known, string name) => Require(known.Contains(value), $"{name} must be one of {string.Join(", ", known)}, not {value}.");
}
