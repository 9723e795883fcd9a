using System.Text.Json;
using System.Text.Json.Serialization;

namespace MedGan.Models.Training;

/// <summary>
/// Everything that decides a training: same plan, same images in the same order, same device and thread count give the same weights, to the bit
/// (with a step budget; minutes depend on the machine). The defaults are those measured in docs/results-translation.md.
/// </summary>
public sealed record CycleGanPlan
{
    /// <summary>Pixels per side; a multiple of 4, 32 .. 512.</summary>
    public int ImageSize { get; init; } = 96;

    /// <summary>Channels of the generator's first layer, 4 .. 256.</summary>
    public int GeneratorWidth { get; init; } = 16;

    /// <summary>Residual blocks of the generator, 1 .. 16.</summary>
    public int ResidualBlocks { get; init; } = 3;

    /// <summary>Channels of the generators' pixel path, 0 .. 256; 0 gives the paper's network. See <see cref="Networks.ResNetGenerator"/>.</summary>
    public int PixelPathWidth { get; init; } = 32;

    /// <summary>Channels of the discriminator's first layer, 4 .. 256.</summary>
    public int DiscriminatorWidth { get; init; } = 16;

    /// <summary>Images of each domain per step, 1 .. 64.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>Adam's learning rate of the generators, (0, 0.1].</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Two time-scale update rule (1706.08500): the discriminators' learning rate as a multiple of the generators', (0, 10]. 1 = off.</summary>
    public double DiscriminatorRateFactor { get; init; } = 0.5;

    /// <summary>Adam's decay of the first moment, [0, 1).</summary>
    public double Beta1 { get; init; } = 0.5;

    /// <summary>Weight of the cycle consistency loss, at least 0.</summary>
    public double LambdaCycle { get; init; } = 5;

    /// <summary>Weight of the identity loss, at least 0; 0 leaves its forward pass out.</summary>
    public double LambdaIdentity { get; init; } = 2;

    /// <summary>Whether the networks see how deep each pixel lies below the body's outline: <see cref="Training.OutlineDepth"/>.</summary>
    public bool OutlineDepth { get; init; } = true;

    /// <summary>Weight of <see cref="Losses.EdgeAlignmentLoss"/> between an image and its translation, at least 0; 0 = off.</summary>
    public double LambdaEdges { get; init; } = 0;

    /// <summary>
    /// Weight of <see cref="Losses.OutlineAtlasLoss"/> at the start, at least 0; it goes linearly to <see cref="LambdaAtlasFinal"/> over the first half of the
    /// budget. Needs <see cref="OutlineDepth"/>; 0 for both = off.
    /// </summary>
    public double LambdaAtlas { get; init; } = 10;

    /// <summary>Weight of <see cref="Losses.OutlineAtlasLoss"/> in the second half of the budget, 0 .. <see cref="LambdaAtlas"/>.</summary>
    public double LambdaAtlasFinal { get; init; } = 10;

    /// <summary>Images in each discriminator's pool of earlier translations, 0 .. 10000; 0 = off.</summary>
    public int PoolSize { get; init; } = 50;

    /// <summary>Decay per step of the averaged generators that are exported, [0, 1); it grows towards this value over the first steps.</summary>
    public double EmaDecay { get; init; } = 0.98;

    /// <summary>Largest random shift of a training image, share of its width, [0, 0.25].</summary>
    public double AugmentShift { get; init; } = 0.04;

    /// <summary>Largest random rotation of a training image, degrees, [0, 45].</summary>
    public double AugmentRotationDegrees { get; init; } = 6;

    /// <summary>Largest random change of scale of a training image, [0, 0.5].</summary>
    public double AugmentScale { get; init; } = 0.05;

    /// <summary>Whether half of the training images are mirrored left to right. Off: see <see cref="Augmentation"/>.</summary>
    public bool AugmentFlip { get; init; }

    /// <summary>
    /// What the networks compute in: "fp32", "bf16" (a third less time on a processor with bfloat16, the same loss curve within a few per cent) or "fp16" (with
    /// loss scaling; CUDA only). Weights and losses stay in single precision.
    /// </summary>
    public string Precision { get; init; } = "fp32";

    /// <summary>Decides initial weights, order of images, augmentation and pools.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Budget in steps; with both budgets given the one that ends first holds.</summary>
    public long? MaxSteps { get; init; }

    /// <summary>Budget in minutes of training time, pauses not counted.</summary>
    public double? MaxMinutes { get; init; }

    /// <summary>A checkpoint every so many steps, at least 1.</summary>
    public int CheckpointEverySteps { get; init; } = 50;

    /// <summary>Sample images every so many steps, at least 1.</summary>
    public int SampleEverySteps { get; init; } = 50;

    /// <summary>"auto" (CUDA where there is one), "cpu", "cuda" or "cuda:N".</summary>
    public string Device { get; init; } = "auto";

    /// <summary>CPU threads; 0 = one for each processor.</summary>
    public int Threads { get; init; }

    /// <summary>Every error of the plan in a plain sentence; empty when it can be run.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        void Require(bool holds, string error) { if (!holds) errors.Add(error); }
        static bool Within(double value, double low, double high) => value >= low && value <= high;

        Require(ImageSize is >= 32 and <= 512 && ImageSize % 4 == 0, $"imageSize must be a multiple of 4 from 32 to 512, not {ImageSize}.");
        Require(GeneratorWidth is >= 4 and <= 256, $"generatorWidth must be from 4 to 256, not {GeneratorWidth}.");
        Require(ResidualBlocks is >= 1 and <= 16, $"residualBlocks must be from 1 to 16, not {ResidualBlocks}.");
        Require(PixelPathWidth is >= 0 and <= 256, $"pixelPathWidth must be from 0 to 256, not {PixelPathWidth}.");
        Require(DiscriminatorWidth is >= 4 and <= 256, $"discriminatorWidth must be from 4 to 256, not {DiscriminatorWidth}.");
        Require(BatchSize is >= 1 and <= 64, $"batchSize must be from 1 to 64, not {BatchSize}.");
        Require(LearningRate > 0 && LearningRate <= 0.1, $"learningRate must be above 0 and at most 0.1, not {LearningRate}.");
        Require(DiscriminatorRateFactor > 0 && DiscriminatorRateFactor <= 10, $"discriminatorRateFactor must be above 0 and at most 10, not {DiscriminatorRateFactor}.");
        Require(Beta1 >= 0 && Beta1 < 1, $"beta1 must be from 0 to below 1, not {Beta1}.");
        Require(Within(LambdaCycle, 0, 1000), $"lambdaCycle must be from 0 to 1000, not {LambdaCycle}.");
        Require(Within(LambdaIdentity, 0, 1000), $"lambdaIdentity must be from 0 to 1000, not {LambdaIdentity}.");
        Require(Within(LambdaEdges, 0, 1000), $"lambdaEdges must be from 0 to 1000, not {LambdaEdges}.");
        Require(Within(LambdaAtlas, 0, 1000), $"lambdaAtlas must be from 0 to 1000, not {LambdaAtlas}.");
        Require(Within(LambdaAtlasFinal, 0, Math.Max(0, LambdaAtlas)), $"lambdaAtlasFinal must be from 0 to lambdaAtlas, not {LambdaAtlasFinal}.");
        Require(OutlineDepth || LambdaAtlas == 0, "lambdaAtlas needs outlineDepth: set it to 0, or outlineDepth to true.");
        Require(PoolSize is >= 0 and <= 10000, $"poolSize must be from 0 to 10000, not {PoolSize}.");
        Require(EmaDecay >= 0 && EmaDecay < 1, $"emaDecay must be from 0 to below 1, not {EmaDecay}.");
        Require(Within(AugmentShift, 0, 0.25), $"augmentShift must be from 0 to 0.25, not {AugmentShift}.");
        Require(Within(AugmentRotationDegrees, 0, 45), $"augmentRotationDegrees must be from 0 to 45, not {AugmentRotationDegrees}.");
        Require(Within(AugmentScale, 0, 0.5), $"augmentScale must be from 0 to 0.5, not {AugmentScale}.");
        Require(Training.Precision.IsKnown(Precision), $"precision must be fp32, bf16 or fp16, not {Precision}.");
        Require(Precision != "fp16" || Device != "cpu", "precision fp16 needs a CUDA device: set it to bf16 or fp32, or device to auto or cuda.");
        Require(MaxSteps is not null || MaxMinutes is not null, "maxSteps or maxMinutes must be given.");
        Require(MaxSteps is null or > 0, $"maxSteps must be above 0, not {MaxSteps}.");
        Require(MaxMinutes is null || (MaxMinutes > 0 && MaxMinutes <= 100_000), $"maxMinutes must be above 0 and at most 100000, not {MaxMinutes}.");
        Require(CheckpointEverySteps >= 1, $"checkpointEverySteps must be at least 1, not {CheckpointEverySteps}.");
        Require(SampleEverySteps >= 1, $"sampleEverySteps must be at least 1, not {SampleEverySteps}.");
        Require(Compute.IsKnown(Device), $"device must be auto, cpu, cuda or cuda:N, not {Device}.");
        Require(Threads is >= 0 and <= 1024, $"threads must be from 0 to 1024, not {Threads}.");
        return errors;
    }

    /// <summary>Of the networks' input: the image, and its outline's depth where the plan has it.</summary>
    [JsonIgnore]
    internal int InputChannels => OutlineDepth ? 2 : 1;

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <exception cref="InvalidDataException">The text is not a plan: not JSON, or a field that no plan has.</exception>
    public static CycleGanPlan FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<CycleGanPlan>(json, Json) ?? throw new InvalidDataException("A training plan cannot be null.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The training plan cannot be read (line {e.LineNumber + 1}, field {e.Path}).", e);
        }
    }

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };
}

/// <summary>A plan with errors; <see cref="Errors"/> holds all of them.</summary>
public sealed class InvalidPlanException(IReadOnlyList<string> errors) : Exception("The training plan cannot be run: " + string.Join(" ", errors))
{
    public IReadOnlyList<string> Errors { get; } = errors;
}
