using System.Text.Json;
using System.Text.Json.Nodes;
using MedGan.Models.Networks;
using MedGan.Models.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>CycleGAN between two unpaired domains (1703.10593), on one process or on several that share every batch.</summary>
public sealed class CycleGanMethod : ITrainingMethod
{
    private readonly CycleGanPlan plan;
    private readonly Device device;
    private readonly ImageBatches a, b;
    private readonly SampleImages shown;
    private readonly CycleGanNetworks networks;
    private readonly CycleGanStep stepper;

    /// <param name="plan">Checked here.</param>
    /// <param name="a">Domain A (CT in MedGan), size * size values each; of the patients to train on only.</param>
    /// <param name="b">Domain B (MR in MedGan).</param>
    /// <param name="shown">What samples show; four training images of each domain when not given.</param>
    /// <param name="exchange">
    /// The processes that train this model together, each on its share of every batch; not owned. The plan's batch is that of all of them, and the losses
    /// are those of one process with the same plan, up to rounding. Null: this process is alone.
    /// </param>
    /// <exception cref="InvalidPlanException">The plan has errors; it names all of them.</exception>
    /// <exception cref="ArgumentException">A domain is empty, an image is of another size, or the processes cannot share a batch equally.</exception>
    /// <exception cref="InvalidOperationException">The plan's device or precision needs CUDA, and there is none.</exception>
    public CycleGanMethod(CycleGanPlan plan, IReadOnlyList<TrainingImage> a, IReadOnlyList<TrainingImage> b, SampleImages? shown = null, GradientExchange? exchange = null)
    {
        if (plan.Validate() is { Count: > 0 } errors) throw new InvalidPlanException(errors);
        if (exchange is not null && plan.BatchSize % exchange.WorldSize != 0)
            throw new ArgumentException($"{exchange.WorldSize} processes cannot share a batch of {plan.BatchSize} equally.", nameof(exchange));
        this.plan = plan;
        Exchange = exchange;
        this.a = new ImageBatches("A", a, plan, stream: 10);
        this.b = new ImageBatches("B", b, plan, stream: 20);
        this.shown = shown ?? new SampleImages(this.a.Spread(4), this.b.Spread(4));
        device = Compute.Prepare(plan.Device, plan.Threads);
        if (plan.Precision == "fp16" && device.type == DeviceType.CPU) throw new InvalidOperationException("The plan computes in fp16, which needs a CUDA device, and there is none. Use bf16 or fp32.");
        networks = new CycleGanNetworks(plan, device);
        var outlines = plan.LambdaAtlas > 0 ? new OutlineAtlas(a.Select(i => i.Pixels), b.Select(i => i.Pixels), plan.ImageSize) : null;
        stepper = new CycleGanStep(plan, networks, outlines, device, exchange);
    }

    public GradientExchange? Exchange { get; }

    public string Fingerprint => $"{a.Fingerprint()} {b.Fingerprint()}";

    public int ImagesPerStep => plan.BatchSize;

    public IReadOnlyDictionary<string, double> TakeStep(long step, double share)
    {
        using var scope = NewDisposeScope();
        var (rank, parts) = (Exchange?.Rank ?? 0, Exchange?.WorldSize ?? 1);
        return stepper.Take(a.Next(plan.BatchSize, device, rank, parts), b.Next(plan.BatchSize, device, rank, parts), step, share);
    }

    public IReadOnlyDictionary<string, Tensor> Tensors() => new Dictionary<string, Tensor>(
        networks.Weights().Concat(stepper.Moments()).Append(new("poolA", stepper.PoolA.Images)).Append(new("poolB", stepper.PoolB.Images)), StringComparer.Ordinal);

    public JsonObject Counters
    {
        get => JsonSerializer.SerializeToNode(new State(
            a.Sampler.State, a.Random.State, b.Sampler.State, b.Random.State,
            stepper.PoolA.Count, stepper.PoolA.RandomState, stepper.PoolB.Count, stepper.PoolB.RandomState,
            AdamMoments.Steps(stepper.Generators), AdamMoments.Steps(stepper.Discriminators), stepper.LossScale.State.Value, stepper.LossScale.State.Steps))!.AsObject();
        set
        {
            var state = value.Deserialize<State>() ?? throw new InvalidDataException("The checkpoint's counters are empty.");
            (a.Sampler.State, a.Random.State) = (state.A, state.AugmentationA);
            (b.Sampler.State, b.Random.State) = (state.B, state.AugmentationB);
            stepper.PoolA.Restore(state.PoolA, state.PoolRandomA);
            stepper.PoolB.Restore(state.PoolB, state.PoolRandomB);
            AdamMoments.Restore(stepper.Generators, state.GeneratorSteps);
            AdamMoments.Restore(stepper.Discriminators, state.DiscriminatorSteps);
            stepper.LossScale.State = (state.LossScale, state.LossScaleSteps);
            stepper.Refresh();
        }
    }

    /// <summary>Both averaged generators, "aToB" and "bToA".</summary>
    public IReadOnlyDictionary<string, Tensor> ExportedWeights() => networks.ExportedWeights();

    /// <summary>Image, translation and the way back of each image shown: those of A, then those of B.</summary>
    public SampleSheet Samples()
    {
        float[][] Through(ResNetGenerator generator, IReadOnlyList<float[]> images) => BatchTranslation.Run(generator, images, plan.ImageSize, plan.InputChannels, ScalarType.Float32, device);
        IEnumerable<float[]> Rows(IReadOnlyList<float[]> images, ResNetGenerator there, ResNetGenerator back)
        {
            var translations = Through(there, images);
            var cycles = Through(back, translations);
            return images.Index().SelectMany(image => new[] { image.Item, translations[image.Index], cycles[image.Index] });
        }
        return new SampleSheet(3, plan.ImageSize, plan.ImageSize, [.. Rows(shown.A, networks.AverageAToB, networks.AverageBToA), .. Rows(shown.B, networks.AverageBToA, networks.AverageAToB)]);
    }

    public void Dispose()
    {
        stepper.Dispose();
        networks.Dispose();
    }

    private sealed record State(
        SamplerState A, ulong[] AugmentationA, SamplerState B, ulong[] AugmentationB, int PoolA, ulong[] PoolRandomA, int PoolB, ulong[] PoolRandomB,
        long[] GeneratorSteps, long[] DiscriminatorSteps, double LossScale, int LossScaleSteps);
}

/// <summary>The images that samples show, size * size values each in [-1, 1]: held-out patients' where there are any.</summary>
public sealed record SampleImages(IReadOnlyList<float[]> A, IReadOnlyList<float[]> B);
