using System.Text.Json;
using System.Text.Json.Nodes;
using MedGan.Models.Regularizers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>
/// A class-conditional generator in training: the discriminator's steps on real and generated images, then the generator's, then the average. All that is random comes from the plan's seed.
/// Not for use from several threads.
/// </summary>
public sealed class ClassConditionalMethod : ITrainingMethod
{
    private const int SamplesPerClass = 6;

    private readonly ClassConditionalPlan plan;
    private readonly ClassBatches batches;
    private readonly ConditionalNetworks networks;
    private readonly ClassConditionalStep stepper;
    private readonly Device device;
    private readonly WatchedSamples watched;

    /// <param name="plan">Checked here.</param>
    /// <param name="images">Of the patients to train on only; every class of the plan among them.</param>
    /// <exception cref="InvalidPlanException">The plan has errors; it names all of them.</exception>
    /// <exception cref="ArgumentException">A class has no image, or an image is of another class or size.</exception>
    /// <exception cref="InvalidDataException">The model to start from does not fit.</exception>
    public ClassConditionalMethod(ClassConditionalPlan plan, IReadOnlyList<ClassImage> images)
    {
        if (plan.Validate() is { Count: > 0 } errors) throw new InvalidPlanException(errors);
        this.plan = plan;
        batches = new ClassBatches(images, plan);
        watched = new WatchedSamples(images, plan);
        Fingerprint = batches.Fingerprint() + (plan.TransferFrom is { } folder ? ModelTransfer.Fingerprint(folder) : "");
        device = Compute.Prepare(plan.Device, plan.Threads);
        networks = new ConditionalNetworks(plan, device);
        try
        {
            if (plan.TransferFrom is not null) ModelTransfer.Apply(plan.TransferFrom, plan, networks);
            stepper = new ClassConditionalStep(plan, networks, batches, device);
        }
        catch
        {
            networks.Dispose();
            throw;
        }
    }

    public string Fingerprint { get; }

    public int ImagesPerStep => plan.BatchSize * plan.Settings.DiscriminatorSteps;

    /// <summary>Losses and scores; from the 200th step on also the samples' diversity and their similarity to training images, as measured last.</summary>
    public IReadOnlyDictionary<string, double> TakeStep(long step, double share)
    {
        var report = stepper.Take(step, share);
        if ((step + 1) % WatchedSamples.EverySteps == 0) watched.Measure(Samples());
        if (watched.Last is { } figures) (report[TrainingWatch.Diversity], report[TrainingWatch.TrainingSimilarity]) = (figures.Diversity, figures.TrainingSimilarity);
        return report;
    }

    public IReadOnlyDictionary<string, Tensor> Tensors()
    {
        var all = networks.Weights();
        foreach (var (name, moment) in AdamMoments.Of(stepper.GeneratorAdam, "generatorAdam").Concat(AdamMoments.Of(stepper.DiscriminatorAdam, "discriminatorAdam"))) all.Add(name, moment);
        all.Add("pathLength", stepper.PathLength.Mean);
        all.Add("leCam", stepper.LeCam.Averages);
        return all;
    }

    public JsonObject Counters
    {
        get => new()
        {
            ["batches"] = batches.State,
            ["latents"] = JsonSerializer.SerializeToNode(stepper.Pass.Latents.State),
            ["noise"] = JsonSerializer.SerializeToNode(stepper.Pass.Noise.State),
            ["augmentation"] = JsonSerializer.SerializeToNode(stepper.AugmentationRandom.State),
            ["watched"] = JsonSerializer.SerializeToNode(watched.Last),
            ["adaptive"] = JsonSerializer.SerializeToNode(stepper.Adaptive.State),
            ["generatorSteps"] = JsonSerializer.SerializeToNode(AdamMoments.Steps(stepper.GeneratorAdam)),
            ["discriminatorSteps"] = JsonSerializer.SerializeToNode(AdamMoments.Steps(stepper.DiscriminatorAdam)),
        };
        set
        {
            batches.State = value["batches"]!.AsObject();
            stepper.Pass.Latents.State = value["latents"].Deserialize<ulong[]>()!;
            stepper.Pass.Noise.State = value["noise"].Deserialize<ulong[]>()!;
            stepper.AugmentationRandom.State = value["augmentation"].Deserialize<ulong[]>()!;
            watched.Last = value["watched"].Deserialize<WatchedFigures>();
            stepper.Adaptive.State = value["adaptive"].Deserialize<AdaptiveState>()!;
            AdamMoments.Restore(stepper.GeneratorAdam, value["generatorSteps"].Deserialize<long[]>()!);
            AdamMoments.Restore(stepper.DiscriminatorAdam, value["discriminatorSteps"].Deserialize<long[]>()!);
        }
    }

    public IReadOnlyDictionary<string, Tensor> ExportedWeights() => networks.ExportedWeights();

    /// <summary>One row for each class.</summary>
    public SampleSheet Samples()
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var random = new SeededRandom(plan.Seed, stream: 40);
        var count = plan.Classes.Count * SamplesPerClass;
        var labels = tensor(Enumerable.Range(0, count).Select(i => (long)(i / SamplesPerClass)).ToArray(), device: device);
        var latents = Networks.Conditional.SeededTensors.Normal([SamplesPerClass, networks.Average.LatentDimensions], random, device).repeat(plan.Classes.Count, 1);
        var images = networks.Average.call(latents, labels).select(1, plan.Channels / 2).clamp(-1, 1).cpu().contiguous().data<float>().ToArray();
        var area = plan.ImageSize * plan.ImageSize;
        return new SampleSheet(SamplesPerClass, plan.ImageSize, plan.ImageSize, [.. Enumerable.Range(0, count).Select(i => images[(i * area)..((i + 1) * area)])]);
    }

    public void Dispose()
    {
        stepper.Dispose();
        networks.Dispose();
    }
}
