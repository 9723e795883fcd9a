using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MedGan.Api.Trainings;

/// <summary>
/// The fields of a training plan that a client may set, with their ranges. The worker checks a plan again, by the plan's own type,
/// which this process does not have: it would bring torch along.
/// </summary>
public static partial class PlanFields
{
    private enum Kind { Whole, Real, YesNo, Device, Precision }

    private sealed record Field(Kind Kind, double Least = 0, double Most = 0, bool AboveLeast = false, bool BelowMost = false);

    private static readonly Dictionary<string, Field> Known = new(StringComparer.Ordinal)
    {
        ["imageSize"] = new(Kind.Whole, 32, 512),
        ["generatorWidth"] = new(Kind.Whole, 4, 256),
        ["residualBlocks"] = new(Kind.Whole, 1, 16),
        ["pixelPathWidth"] = new(Kind.Whole, 0, 256),
        ["discriminatorWidth"] = new(Kind.Whole, 4, 256),
        ["batchSize"] = new(Kind.Whole, 1, 64),
        ["learningRate"] = new(Kind.Real, 0, 0.1, AboveLeast: true),
        ["discriminatorRateFactor"] = new(Kind.Real, 0, 10, AboveLeast: true),
        ["beta1"] = new(Kind.Real, 0, 1, BelowMost: true),
        ["lambdaCycle"] = new(Kind.Real, 0, 1000),
        ["lambdaIdentity"] = new(Kind.Real, 0, 1000),
        ["outlineDepth"] = new(Kind.YesNo),
        ["lambdaEdges"] = new(Kind.Real, 0, 1000),
        ["lambdaAtlas"] = new(Kind.Real, 0, 1000),
        ["lambdaAtlasFinal"] = new(Kind.Real, 0, 1000),
        ["poolSize"] = new(Kind.Whole, 0, 10_000),
        ["emaDecay"] = new(Kind.Real, 0, 1, BelowMost: true),
        ["augmentShift"] = new(Kind.Real, 0, 0.25),
        ["augmentRotationDegrees"] = new(Kind.Real, 0, 45),
        ["augmentScale"] = new(Kind.Real, 0, 0.5),
        ["augmentFlip"] = new(Kind.YesNo),
        ["precision"] = new(Kind.Precision),
        ["seed"] = new(Kind.Whole, long.MinValue, long.MaxValue),
        ["maxSteps"] = new(Kind.Whole, 1, 100_000_000),
        ["maxMinutes"] = new(Kind.Real, 0, 100_000, AboveLeast: true),
        ["checkpointEverySteps"] = new(Kind.Whole, 1, 1_000_000),
        ["sampleEverySteps"] = new(Kind.Whole, 1, 1_000_000),
        ["device"] = new(Kind.Device),
        ["threads"] = new(Kind.Whole, 0, 1024),
    };

    /// <summary>Every field that can be set.</summary>
    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <summary>Every error of the plan, in plain sentences; empty when it can be tried.</summary>
    public static IEnumerable<string> Errors(JsonObject plan)
    {
        foreach (var (name, value) in plan)
        {
            if (!Known.TryGetValue(name, out var field))
            {
                yield return $"A plan has no field of the name given; it has {string.Join(", ", Known.Keys)}.";
            }
            else if (!Fits(field, value))
            {
                yield return $"{name} must be {Describe(field)}.";
            }
        }
        if (plan["imageSize"] is JsonValue size && size.TryGetValue(out int pixels) && pixels % 4 != 0)
        {
            yield return "imageSize must be a multiple of 4.";
        }
        if (plan["precision"]?.ToString() == "fp16" && plan["device"]?.ToString() == "cpu")
        {
            yield return "precision fp16 needs a CUDA device.";
        }
        if (plan["maxSteps"] is null && plan["maxMinutes"] is null)
        {
            yield return "A training needs a budget: minutes or steps.";
        }
    }

    private static bool Fits(Field field, JsonNode? node)
    {
        if (node is not JsonValue value)
        {
            return false;
        }
        return field.Kind switch
        {
            Kind.YesNo => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            Kind.Device => value.TryGetValue(out string? device) && DevicePattern().IsMatch(device),
            Kind.Precision => value.TryGetValue(out string? precision) && precision is ("fp32" or "bf16" or "fp16"),
            Kind.Whole => value.GetValueKind() == JsonValueKind.Number && long.TryParse(value.ToJsonString(), out var whole) && whole >= field.Least && whole <= field.Most,
            _ => value.GetValueKind() == JsonValueKind.Number && value.TryGetValue(out double real)
                && (field.AboveLeast ? real > field.Least : real >= field.Least) && (field.BelowMost ? real < field.Most : real <= field.Most),
        };
    }

    private static string Describe(Field field) => field.Kind switch
    {
        Kind.YesNo => "true or false",
        Kind.Device => "auto, cpu, cuda or cuda:N",
        Kind.Precision => "fp32, bf16 or fp16",
        Kind.Whole when field.Least == long.MinValue => "a whole number of 64 bits",
        Kind.Whole => $"a whole number from {field.Least} to {field.Most}",
        _ => $"a number {(field.AboveLeast ? "above" : "from")} {field.Least} {(field.BelowMost ? "to below" : "to")} {field.Most}",
    };

    [GeneratedRegex(@"\A(auto|cpu|cuda(:[0-9]{1,2})?)\z")]
    private static partial Regex DevicePattern();
}
