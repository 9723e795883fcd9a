using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MedGan.Api.Trainings;

/// <summary>
/// The fields of a training plan that a client may set, with their ranges, method by method. The worker checks a plan again, by the plan's own type,
/// which this process does not have: it would bring torch along.
/// </summary>
public static partial class PlanFields
{
    private enum Kind { Whole, Real, YesNo, Device, Precision, FeatureNetwork, Method }

    private sealed record Field(Kind Kind, double Least = 0, double Most = 0, bool AboveLeast = false, bool BelowMost = false, bool OrNull = false, bool Odd = false);

    private static readonly Field Weight = new(Kind.Real, 0, 1000), Width = new(Kind.Whole, 4, 256), YesNo = new(Kind.YesNo);

    private static readonly Dictionary<string, Field> OfEveryPlan = new(StringComparer.Ordinal)
    {
        ["method"] = new(Kind.Method),
        ["imageSize"] = new(Kind.Whole, 32, 512),
        ["batchSize"] = new(Kind.Whole, 1, 256),
        ["accumulate"] = new(Kind.Whole, 1, 64),
        ["generatorWidth"] = Width,
        ["residualBlocks"] = new(Kind.Whole, 1, 16),
        ["discriminatorWidth"] = Width,
        ["learningRate"] = new(Kind.Real, 0, 0.1, AboveLeast: true),
        ["discriminatorRateFactor"] = new(Kind.Real, 0, 10, AboveLeast: true),
        ["beta1"] = new(Kind.Real, 0, 1, BelowMost: true),
        ["emaDecay"] = new(Kind.Real, 0, 1, BelowMost: true),
        ["augmentShift"] = new(Kind.Real, 0, 0.25),
        ["augmentRotationDegrees"] = new(Kind.Real, 0, 45),
        ["augmentScale"] = new(Kind.Real, 0, 0.5),
        ["augmentFlip"] = YesNo,
        ["precision"] = new(Kind.Precision),
        ["seed"] = new(Kind.Whole, long.MinValue, long.MaxValue),
        ["maxSteps"] = new(Kind.Whole, 1, 100_000_000, OrNull: true),
        ["maxImages"] = new(Kind.Whole, 1, 100_000_000_000, OrNull: true),
        ["maxMinutes"] = new(Kind.Real, 0, 100_000, AboveLeast: true, OrNull: true),
        ["checkpointEverySteps"] = new(Kind.Whole, 1, 1_000_000),
        ["sampleEverySteps"] = new(Kind.Whole, 1, 1_000_000),
        ["patience"] = new(Kind.Whole, 1, 1_000_000, OrNull: true),
        ["watchFromStep"] = new(Kind.Whole, 1, 100_000_000),
        ["maxDiscriminatorAccuracy"] = new(Kind.Real, 0.5, 1, AboveLeast: true),
        ["minDiversity"] = new(Kind.Real, 0, double.MaxValue),
        ["maxTrainingSimilarity"] = new(Kind.Real, 0, 1, AboveLeast: true),
        ["device"] = new(Kind.Device),
        ["threads"] = new(Kind.Whole, 0, 1024),
    };

    private static readonly Dictionary<string, Field> CycleGan = With(new()
    {
        ["pixelPathWidth"] = new(Kind.Whole, 0, 256),
        ["lambdaCycle"] = Weight,
        ["lambdaIdentity"] = Weight,
        ["outlineDepth"] = YesNo,
        ["lambdaEdges"] = Weight,
        ["lambdaAtlas"] = Weight,
        ["lambdaAtlasFinal"] = Weight,
        ["poolSize"] = new(Kind.Whole, 0, 10_000),
    });

    private static readonly Dictionary<string, Field> Contrastive = With(new()
    {
        ["slices"] = new(Kind.Whole, 1, 9, Odd: true),
        ["attention"] = YesNo,
        ["spectralNorm"] = YesNo,
        ["residualBlocks"] = new(Kind.Whole, 3, 16),
        ["pixelPathWidth"] = new(Kind.Whole, 0, 256),
        ["lambdaNce"] = Weight with { AboveLeast = true },
        ["lambdaEdges"] = Weight,
        ["lambdaMutualInformation"] = Weight,
        ["mutualInformationBins"] = new(Kind.Whole, 8, 128),
        ["patches"] = new(Kind.Whole, 8, 4096),
        ["temperature"] = new(Kind.Real, 0, 10, AboveLeast: true),
    });

    private static readonly Dictionary<string, Field> Paired = With(new()
    {
        ["slices"] = new(Kind.Whole, 1, 9, Odd: true),
        ["attention"] = YesNo,
        ["spectralNorm"] = YesNo,
        ["averageMirrored"] = YesNo,
        ["levels"] = new(Kind.Whole, 1, 6),
        ["discriminatorScales"] = new(Kind.Whole, 1, 3),
        ["lambdaL1"] = Weight,
        ["lambdaAdversarial"] = Weight,
        ["lambdaGradient"] = Weight,
        ["lambdaStructure"] = Weight,
        ["lambdaFeature"] = Weight,
        ["featureNetwork"] = new(Kind.FeatureNetwork),
        ["featureSteps"] = new(Kind.Whole, 1, 100_000),
        ["lambdaFeatureMatching"] = Weight,
        ["augmentIntensity"] = new(Kind.Real, 0, 0.5),
    });

    private static readonly Dictionary<string, Dictionary<string, Field>> Methods = new(StringComparer.Ordinal)
    {
        [BothWays] = CycleGan, ["cut"] = Contrastive, ["fastcut"] = Contrastive, ["pix2pix"] = Paired, ["residual-unet"] = Paired,
    };

    // what runs on folders only
    private static readonly Dictionary<string, string> NotHere = new(StringComparer.Ordinal)
    {
        ["residual-unet-3d"] = Volumes,
        ["srresnet"] = Finer, ["srresnet-3d"] = Finer, ["srgan"] = Finer, ["rrdb"] = Finer, ["esrgan"] = Finer,
        ["dcgan"] = Classes, ["wgan-gp"] = Classes, ["sagan"] = Classes, ["biggan"] = Classes, ["stylegan2-ada"] = Classes, ["r3gan"] = Classes,
    };

    private const string BothWays = "cyclegan";
    private const string Finer = "makes real images finer: what it made would be a copy of a patient's image, which the privacy gate is there to withhold";
    private const string Volumes = "learns from patches of volumes, while the service translates slice by slice";
    private const string Classes = "learns images of classes, and a study in a cohort has no class";

    /// <summary>The methods that the service trains by.</summary>
    public static IReadOnlyCollection<string> MethodNames => Methods.Keys;

    /// <summary>Every field that a method's plan can have.</summary>
    public static IReadOnlyCollection<string> NamesOf(string method) => Methods[method].Keys;

    /// <summary>Whether the plan's method translates from CT to MR and from MR to CT at once.</summary>
    public static bool TranslatesBothWays(JsonObject plan) => MethodOf(plan) == BothWays;

    /// <summary>Every error of the plan, in plain sentences; empty when it can be tried.</summary>
    public static IEnumerable<string> Errors(JsonObject plan)
    {
        var method = MethodOf(plan);
        if (method is null || !Methods.TryGetValue(method, out var fields))
        {
            yield return method is not null && NotHere.TryGetValue(method, out var why)
                ? $"The service does not train by {method}, which {why}; medgan train does, on folders of images."
                : $"method must be one of {string.Join(", ", Methods.Keys)}.";
            fields = OfEveryPlan;
        }
        foreach (var (name, value) in plan)
        {
            if (!fields.TryGetValue(name, out var field))
            {
                if (method is not null && Methods.ContainsKey(method))
                {
                    yield return $"A plan of {method} has no field of the name given; it has {string.Join(", ", fields.Keys)}.";
                }
            }
            else if (!Fits(field, value))
            {
                yield return $"{name} must be {Describe(field)}.";
            }
        }
        foreach (var error in Together(plan, method))
        {
            yield return error;
        }
        if (plan["maxSteps"] is null && plan["maxImages"] is null && plan["maxMinutes"] is null)
        {
            yield return "A training needs a budget: minutes, steps or images.";
        }
    }

    // what fields must be to one another; each is in its range, or has its error already
    private static IEnumerable<string> Together(JsonObject plan, string? method)
    {
        double Value(string name, double otherwise) => plan[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue(out double number) ? number : otherwise;
        if (plan["precision"]?.ToString() == "fp16" && plan["device"]?.ToString() == "cpu")
        {
            yield return "precision fp16 needs a CUDA device.";
        }
        if (method == BothWays && Value("accumulate", 1) > 1)
        {
            yield return "accumulate must be 1: cyclegan takes each step from one batch.";
        }
        if (method is "pix2pix" or "residual-unet")
        {
            foreach (var error in OfPairs(plan, method, Value))
            {
                yield return error;
            }
        }
        var (size, levels) = ((int)Value("imageSize", method == BothWays ? 96 : 128), (int)Math.Clamp(Value("levels", 4), 1, 6));
        if (method is BothWays or "cut" or "fastcut" && size % 4 != 0)
        {
            yield return "imageSize must be a multiple of 4.";
        }
        if (method == "pix2pix" && !int.IsPow2(size))
        {
            yield return "pix2pix needs an imageSize that is a power of two.";
        }
        if (method == "residual-unet" && size % (1 << levels) != 0)
        {
            yield return $"{levels} levels need an imageSize that is a multiple of {1 << levels}.";
        }
        if (method is "cut" or "fastcut" && size >= 32 && Value("patches", 256) is <= 4096 and var patches && patches > size / 4 * (size / 4))
        {
            yield return $"patches must be at most {size / 4 * (size / 4)}, the places of the coarsest layer.";
        }
        if (method == BothWays && Value("lambdaAtlasFinal", 10) > Value("lambdaAtlas", 10))
        {
            yield return "lambdaAtlasFinal must be from 0 to lambdaAtlas.";
        }
        if (method == BothWays && plan["outlineDepth"] is JsonValue depth && depth.GetValueKind() == JsonValueKind.False && Value("lambdaAtlas", 10) != 0)
        {
            yield return "lambdaAtlas needs outlineDepth: set it to 0, or outlineDepth to true.";
        }
    }

    private static IEnumerable<string> OfPairs(JsonObject plan, string method, Func<string, double, double> value)
    {
        bool Is(string name) => plan[name] is JsonValue flag && flag.GetValueKind() == JsonValueKind.True;
        if (value("lambdaAdversarial", 1) == 0)
        {
            if (method == "pix2pix")
            {
                yield return "pix2pix without lambdaAdversarial is no adversarial method: give it a weight, or take residual-unet.";
            }
            if (Is("spectralNorm") || value("lambdaFeatureMatching", 0) > 0)
            {
                yield return "spectralNorm and lambdaFeatureMatching are of the discriminator, which lambdaAdversarial 0 leaves out.";
            }
        }
        if (Is("averageMirrored") && !Is("augmentFlip"))
        {
            yield return "averageMirrored needs augmentFlip.";
        }
        if (value("lambdaFeature", 0) > 0 != (plan["featureNetwork"]?.ToString() == "cohort"))
        {
            yield return "lambdaFeature above 0 needs featureNetwork cohort, which needs lambdaFeature above 0.";
        }
    }

    // null where it is no text; plans had no method while there was one only
    private static string? MethodOf(JsonObject plan) => !plan.TryGetPropertyValue("method", out var named) ? BothWays
        : named is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static Dictionary<string, Field> With(Dictionary<string, Field> own)
    {
        var all = new Dictionary<string, Field>(OfEveryPlan, StringComparer.Ordinal);
        foreach (var (name, field) in own)
        {
            all[name] = field;
        }
        return all;
    }

    private static bool Fits(Field field, JsonNode? node)
    {
        if (node is not JsonValue value)
        {
            return node is null && field.OrNull;
        }
        return field.Kind switch
        {
            Kind.Method => true, // looked at already
            Kind.YesNo => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            Kind.Device => value.TryGetValue(out string? device) && DevicePattern().IsMatch(device),
            Kind.FeatureNetwork => value.TryGetValue(out string? network) && network is "none" or "cohort", // squeezenet needs a file
            Kind.Precision => value.TryGetValue(out string? precision) && precision is ("fp32" or "bf16" or "fp16"),
            Kind.Whole => value.GetValueKind() == JsonValueKind.Number && long.TryParse(value.ToJsonString(), out var whole) && whole >= field.Least && whole <= field.Most && (!field.Odd || whole % 2 == 1),
            _ => value.GetValueKind() == JsonValueKind.Number && value.TryGetValue(out double real)
                && (field.AboveLeast ? real > field.Least : real >= field.Least) && (field.BelowMost ? real < field.Most : real <= field.Most),
        };
    }

    private static string Describe(Field field) => field.Kind switch
    {
        Kind.YesNo => "true or false",
        Kind.Device => "auto, cpu, cuda or cuda:N",
        Kind.FeatureNetwork => "none or cohort; squeezenet needs a file, and so medgan train",
        Kind.Precision => "fp32, bf16 or fp16",
        Kind.Whole when field.Odd => $"an odd number from {field.Least} to {field.Most}",
        Kind.Whole when field.Least == long.MinValue => "a whole number of 64 bits",
        Kind.Whole => $"a whole number from {field.Least} to {field.Most}",
        _ when field.Most == double.MaxValue => $"a number from {field.Least}",
        _ => $"a number {(field.AboveLeast ? "above" : "from")} {field.Least} {(field.BelowMost ? "to below" : "to")} {field.Most}",
    };

    [GeneratedRegex(@"\A(auto|cpu|cuda(:[0-9]{1,2})?)\z")]
    private static partial Regex DevicePattern();
}
