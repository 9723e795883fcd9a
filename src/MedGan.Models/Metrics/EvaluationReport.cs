using System.Text.Json;
using System.Text.Json.Serialization;

namespace MedGan.Models.Metrics;

/// <summary>What an evaluation found, ready for JSON.</summary>
/// <param name="RealImages">Measured against.</param>
/// <param name="RealPatients">Of how many patients; null where that is not known of each.</param>
/// <param name="GeneratedImages">Measured.</param>
/// <param name="GeneratedPatients">Of how many patients; null where that is not known of each.</param>
/// <param name="Low">The smallest value of the unit.</param>
/// <param name="High">The largest value of the unit.</param>
/// <param name="Unit">Of the images.</param>
/// <param name="Confidence">Of the intervals.</param>
/// <param name="Metrics">In a fixed order.</param>
/// <param name="Omitted">What could not be measured.</param>
public sealed record EvaluationReport(int RealImages, int? RealPatients, int GeneratedImages, int? GeneratedPatients, double Low, double High, string Unit, double Confidence,
    IReadOnlyList<MetricValue> Metrics, IReadOnlyList<OmittedMetric> Omitted)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <exception cref="KeyNotFoundException">It was not measured.</exception>
    public MetricValue this[string name] => Metrics.FirstOrDefault(m => m.Name == name) ?? throw new KeyNotFoundException($"The evaluation holds no {name}.");

    /// <summary>One object; an infinite PSNR is the text "Infinity".</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}

/// <summary>One figure.</summary>
/// <param name="Name">Such as "frechet-distance".</param>
/// <param name="Value">In <paramref name="Unit"/>.</param>
/// <param name="Low">Lower end of the confidence interval; null where none can be given.</param>
/// <param name="High">Upper end of the confidence interval; null where none can be given.</param>
/// <param name="Unit">"" for a pure number.</param>
/// <param name="Images">Over how many images (pairs of images for paired metrics and diversity), or of how many in the smaller set it is.</param>
/// <param name="FeatureNetwork">Whose features were compared, if any.</param>
public sealed record MetricValue(string Name, double Value, double? Low, double? High, string Unit, int Images, string? FeatureNetwork = null);

/// <summary>A metric that could not be measured.</summary>
/// <param name="Name">Such as "kid".</param>
/// <param name="Reason">Why not.</param>
public sealed record OmittedMetric(string Name, string Reason);
