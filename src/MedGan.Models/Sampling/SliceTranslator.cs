using MedGan.Models.Checkpoints;
using MedGan.Models.Training;
using MedGan.Models.Training.Contrastive;
using MedGan.Models.Training.Paired;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Sampling;

/// <summary>A model that translates one way - trained on pairs, or by CUT - ready to do so. Not for use from several threads.</summary>
public sealed class SliceTranslator : IDisposable
{
    private const int ImagesAtOnce = 8;

    private readonly nn.Module<Tensor, Tensor> generator;
    private readonly Device device;

    private SliceTranslator(TrainingPlan plan, nn.Module<Tensor, Tensor> generator, int slices, Device device)
    {
        (Plan, this.generator, Slices, this.device) = (plan, generator, slices, device);
        CycleGanNetworks.Place(generator, device);
        CycleGanNetworks.SetTrainable(false, generator);
    }

    /// <summary>The plan that the model was trained by.</summary>
    public TrainingPlan Plan { get; }

    /// <summary>Neighbouring slices that the network sees.</summary>
    public int Slices { get; }

    /// <param name="modelFolder">As written by <see cref="Trainer.Export"/>.</param>
    /// <param name="device">"auto", "cpu", "cuda" or "cuda:N".</param>
    /// <exception cref="InvalidDataException">The folder's plan or weights cannot be read, or do not fit each other.</exception>
    public static SliceTranslator Load(string modelFolder, string device = "auto")
    {
        var plan = ModelFolder.ReadTrainingPlan(modelFolder);
        if (plan.Validate() is { Count: > 0 } errors) throw new InvalidPlanException(errors);
        using var scope = NewDisposeScope();
        var placed = Compute.Prepare(device, plan.Threads);
        var translator = plan switch
        {
            PairedTranslationPlan paired => new SliceTranslator(plan, PairedNetworks.Generator(paired, null), paired.Slices, placed),
            ContrastiveTranslationPlan contrastive => new SliceTranslator(plan, ContrastiveTranslationMethod.Generator(contrastive), contrastive.Slices, placed),
            _ => throw new InvalidDataException($"{modelFolder} holds a model of method {plan.Method}, which translates no slices."),
        };
        try
        {
            TrainingCheckpoint.Copy(ModelFolder.ReadWeights(modelFolder), CycleGanNetworks.Weights([("generator", translator.generator)]));
            return translator;
        }
        catch
        {
            translator.Dispose();
            throw;
        }
    }

    /// <param name="sources">Slices * ImageSize * ImageSize values each, in [-1, 1].</param>
    /// <returns>ImageSize * ImageSize values for each, in the same order.</returns>
    public float[][] Translate(IReadOnlyList<float[]> sources)
    {
        var area = Plan.ImageSize * Plan.ImageSize;
        foreach (var source in sources)
            if (source.Length != Slices * area) throw new ArgumentException($"An image has {source.Length} pixels; the model works on {Slices} x {Plan.ImageSize} x {Plan.ImageSize}.", nameof(sources));
        var results = new List<float[]>(sources.Count);
        using var inference = inference_mode();
        foreach (var chunk in sources.Chunk(ImagesAtOnce))
        {
            using var scope = NewDisposeScope();
            var output = Translation(PairedBatches.Sources(chunk, Plan.ImageSize).to(device)).cpu().data<float>().ToArray(); // [N,1,H,W]
            for (var i = 0; i < chunk.Length; i++) results.Add(output[(i * area)..((i + 1) * area)]);
        }
        return [.. results];
    }

    private Tensor Translation(Tensor sources) => Plan is PairedTranslationPlan paired ? PairedNetworks.Translate(paired, generator, sources) : generator.call(sources);

    public void Dispose() => generator.Dispose();
}
