using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MedGan.Models.Training;

/// <summary>
/// What every plan has: which method, on which images, with which budget. Same plan, same images in the same order, same device and thread count give the same
/// weights, to the bit (with a budget of steps or images; minutes depend on the machine).
/// </summary>
public abstract record TrainingPlan
{
    /// <summary>One of the names that <see cref="FromJson"/> knows.</summary>
    [JsonPropertyOrder(-1)]
    public required string Method { get; init; }

    /// <summary>Pixels per side.</summary>
    public int ImageSize { get; init; } = 128;

    /// <summary>Images of each kind per step, 1 .. 256.</summary>
    public int BatchSize { get; init; } = 4;

    /// <summary>
    /// Batches whose mean gradient makes one step, 1 .. 64: a step sees batchSize * accumulate images in the memory of batchSize. See <see cref="Training.Descent"/>: what is normalised over a batch - batch
    /// normalisation, the means of a relativistic game, the scale of a feature loss - is normalised over each of them.
    /// </summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>What the networks compute in: "fp32", "bf16" or "fp16" (CUDA only). Weights and losses stay in single precision.</summary>
    public string Precision { get; init; } = "fp32";

    /// <summary>Decides initial weights, order of images, augmentation and latents.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Budget in steps; of several budgets the one that ends first holds.</summary>
    public long? MaxSteps { get; init; }

    /// <summary>Budget in training images seen.</summary>
    public long? MaxImages { get; init; }

    /// <summary>Budget in minutes of training time, pauses not counted.</summary>
    public double? MaxMinutes { get; init; }

    /// <summary>A checkpoint every so many steps, at least 1.</summary>
    public int CheckpointEverySteps { get; init; } = 200;

    /// <summary>Sample images every so many steps, at least 1.</summary>
    public int SampleEverySteps { get; init; } = 200;

    /// <summary>Ends the training when the validation metric, measured with every sample, has not improved so many times in a row; null = never. The best weights are exported.</summary>
    public int? Patience { get; init; }

    /// <summary>The watch says nothing before so many steps, at least 1.</summary>
    public long WatchFromStep { get; init; } = 500;

    /// <summary>The training stops where the running share of a discriminator's right decisions is above, (0.5, 1]; 1 = never.</summary>
    public double MaxDiscriminatorAccuracy { get; init; } = 0.995;

    /// <summary>The training stops where the samples' running diversity is below, at least 0; 0 = never.</summary>
    public double MinDiversity { get; init; }

    /// <summary>The training stops where the samples' running similarity to training images is above, (0, 1]; 1 = never.</summary>
    public double MaxTrainingSimilarity { get; init; } = 1;

    /// <summary>"auto" (CUDA where there is one), "cpu", "cuda" or "cuda:N".</summary>
    public string Device { get; init; } = "auto";

    /// <summary>CPU threads; 0 = one for each processor.</summary>
    public int Threads { get; init; }

    /// <summary>Every error of the plan in a plain sentence; empty when it can be run.</summary>
    public IReadOnlyList<string> Validate()
    {
        var checks = new PlanChecks();
        checks.Whole(BatchSize, 1, 256, "batchSize");
        checks.Whole(Accumulate, 1, 64, "accumulate");
        checks.Require(Accumulate <= 1 || Accumulates, $"accumulate must be 1: {Method} takes each step from one batch.");
        checks.Require(Training.Precision.IsKnown(Precision), $"precision must be fp32, bf16 or fp16, not {Precision}.");
        checks.Require(Precision != "fp16" || Device != "cpu", "precision fp16 needs a CUDA device: set it to bf16 or fp32, or device to auto or cuda.");
        checks.Require(MaxSteps is not null || MaxImages is not null || MaxMinutes is not null, "maxSteps, maxImages or maxMinutes must be given.");
        checks.Require(MaxSteps is null or > 0, $"maxSteps must be above 0, not {MaxSteps}.");
        checks.Require(MaxImages is null or > 0, $"maxImages must be above 0, not {MaxImages}.");
        checks.Require(MaxMinutes is null or (> 0 and <= 100_000), $"maxMinutes must be above 0 and at most 100000, not {MaxMinutes}.");
        checks.Require(CheckpointEverySteps >= 1, $"checkpointEverySteps must be at least 1, not {CheckpointEverySteps}.");
        checks.Require(SampleEverySteps >= 1, $"sampleEverySteps must be at least 1, not {SampleEverySteps}.");
        checks.Require(Patience is null or >= 1, $"patience must be at least 1, not {Patience}.");
        checks.Require(WatchFromStep >= 1, $"watchFromStep must be at least 1, not {WatchFromStep}.");
        checks.Require(MaxDiscriminatorAccuracy is > 0.5 and <= 1, $"maxDiscriminatorAccuracy must be above 0.5 and at most 1, not {MaxDiscriminatorAccuracy}.");
        checks.Require(MinDiversity >= 0, $"minDiversity must be at least 0, not {MinDiversity}.");
        checks.Require(MaxTrainingSimilarity is > 0 and <= 1, $"maxTrainingSimilarity must be above 0 and at most 1, not {MaxTrainingSimilarity}.");
        checks.Require(Compute.IsKnown(Device ?? ""), $"device must be auto, cpu, cuda or cuda:N, not {Device}.");
        checks.Whole(Threads, 0, 1024, "threads");
        Check(checks);
        return checks.Errors;
    }

    /// <summary>Whether the method takes steps from several batches; see <see cref="Accumulate"/>.</summary>
    protected virtual bool Accumulates => false;

    /// <summary>Adds what is wrong with the method's own fields.</summary>
    protected abstract void Check(PlanChecks checks);

    /// <summary>The used share of the budget, 0 .. 1: of steps, images or minutes, whichever is nearest to its end.</summary>
    public double Share(long step, int imagesPerStep, TimeSpan elapsed) => Math.Min(1, Math.Max(
        MaxSteps is { } steps ? (double)step / steps : 0,
        Math.Max(MaxImages is { } images ? (double)step * imagesPerStep / images : 0, MaxMinutes is { } minutes ? elapsed.TotalMinutes / minutes : 0)));

    /// <summary>The plan without what does not change weights: budgets, intervals and where it runs (the schedule's use of the budget is the caller's to keep).</summary>
    internal string Identity => (this with { MaxSteps = null, MaxImages = null, MaxMinutes = null, CheckpointEverySteps = 1, SampleEverySteps = 1, Device = "auto", Threads = 0 }).ToJson();

    public string ToJson() => JsonSerializer.Serialize(this, GetType(), Json);

    /// <exception cref="InvalidDataException">The text is not a plan: not JSON, a method that there is not (without one it is CycleGAN), or a field that the method's plan has not.</exception>
    public static TrainingPlan FromJson(string json)
    {
        try
        {
            var method = JsonNode.Parse(json) is not JsonObject plan ? null
                : !plan.TryGetPropertyValue("method", out var named) ? CycleGanPlan.MethodName // plans had no method while there was one only
                : named is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
            if (method is null || !TrainingMethods.Plans.TryGetValue(method, out var type))
                throw new InvalidDataException($"The training plan's method must be one of {string.Join(", ", TrainingMethods.Plans.Keys)}.");
            return (TrainingPlan)JsonSerializer.Deserialize(json, type, Json)!;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The training plan cannot be read (line {e.LineNumber + 1}, field {e.Path}).", e);
        }
    }

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };
}
