namespace MedGan.Models.Metrics;

/// <summary>A band of intensities with a name, in the images' unit.</summary>
/// <param name="Name">As reports name it.</param>
/// <param name="Low">The smallest value inside.</param>
/// <param name="High">The smallest value above.</param>
public sealed record IntensityBand(string Name, double Low, double High)
{
    /// <summary>CT in HU: air below -200, soft tissue (with fat) from -200, bone from 200.</summary>
    public static IReadOnlyList<IntensityBand> Ct { get; } =
    [
        new("air", double.NegativeInfinity, -200), new("soft tissue", -200, 200), new("bone", 200, double.PositiveInfinity),
    ];

    /// <summary>Whether Low &lt;= value &lt; High.</summary>
    public bool Holds(double value) => value >= Low && value < High;
}
