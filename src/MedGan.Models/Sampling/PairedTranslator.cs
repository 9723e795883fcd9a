using MedGan.Models.Checkpoints;
using MedGan.Models.Training;
using MedGan.Models.Training.Paired;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Sampling;

/// <summary>A model trained on pairs, ready to translate. Not for use from several threads.</summary>
public sealed class PairedTranslator : IDisposable
{
    private const int ImagesAtOnce = 8;

    private readonly nn.Module<Tensor, Tensor> generator;
    private readonly Device device;

    private PairedTranslator(PairedTranslationPlan plan, Device device)
    {
        (Plan, this.device) = (plan, device);
        generator = PairedNetworks.Generator(plan, null);
        CycleGanNetworks.Place(generator, device);
        CycleGanNetworks.SetTrainable(false, generator);
    }

    /// <summary>The plan that the model was trained by.</summary>
    public PairedTranslationPlan Plan { get; }

    /// <param name="modelFolder">As written by <see cref="Trainer.Export"/>.</param>
    /// <param name="device">"auto", "cpu", "cuda" or "cuda:N".</param>
    /// <exception cref="InvalidDataException">The folder's plan or weights cannot be read, or do not fit each other.</exception>
    public static PairedTranslator Load(string modelFolder, string device = "auto")
    {
        if (ModelFolder.ReadTrainingPlan(modelFolder) is not PairedTranslationPlan plan) throw new InvalidDataException($"{modelFolder} holds no model that was trained on pairs.");
        if (plan.Validate() is { Count: > 0 } errors) throw new InvalidPlanException(errors);
        using var scope = NewDisposeScope();
        var translator = new PairedTranslator(plan, Compute.Prepare(device, plan.Threads));
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
            if (source.Length != Plan.Slices * area) throw new ArgumentException($"An image has {source.Length} pixels; the model works on {Plan.Slices} x {Plan.ImageSize} x {Plan.ImageSize}.", nameof(sources));
        var results = new List<float[]>(sources.Count);
        using var inference = inference_mode();
        foreach (var chunk in sources.Chunk(ImagesAtOnce))
        {
            using var scope = NewDisposeScope();
            var output = generator.call(PairedBatches.Sources(chunk, Plan.ImageSize).to(device)).cpu().data<float>().ToArray(); // [N,1,H,W]
            for (var i = 0; i < chunk.Length; i++) results.Add(output[(i * area)..((i + 1) * area)]);
        }
        return [.. results];
    }

    public void Dispose() => generator.Dispose();
}
