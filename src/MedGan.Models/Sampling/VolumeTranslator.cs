using MedGan.Models.Checkpoints;
using MedGan.Models.Networks;
using MedGan.Models.Training;
using MedGan.Models.Training.Volumes;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Sampling;

/// <summary>A model that translates volumes patch by patch, ready to do so; patches overlap and fade into each other. Not for use from several threads.</summary>
public sealed class VolumeTranslator : IDisposable
{
    private readonly ResidualUNet generator;
    private readonly Device device;

    private VolumeTranslator(VolumeTranslationPlan plan, Device device)
    {
        (Plan, generator, this.device) = (plan, plan.Generator(), device);
        CycleGanNetworks.Place(generator, device);
        CycleGanNetworks.SetTrainable(false, generator);
    }

    /// <summary>The plan that the model was trained by.</summary>
    public VolumeTranslationPlan Plan { get; }

    /// <param name="modelFolder">As written by <see cref="Trainer.Export"/>.</param>
    /// <param name="device">"auto", "cpu", "cuda" or "cuda:N".</param>
    /// <exception cref="InvalidDataException">The folder's plan or weights cannot be read, or do not fit each other.</exception>
    public static VolumeTranslator Load(string modelFolder, string device = "auto")
    {
        if (ModelFolder.ReadTrainingPlan(modelFolder) is not VolumeTranslationPlan plan) throw new InvalidDataException($"{modelFolder} holds a model that translates no volumes.");
        if (plan.Validate() is { Count: > 0 } errors) throw new InvalidPlanException(errors);
        using var scope = NewDisposeScope();
        var translator = new VolumeTranslator(plan, Compute.Prepare(device, plan.Threads));
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

    /// <param name="source">slices * ImageSize * ImageSize values in [-1, 1].</param>
    /// <param name="slices">At least 1; where they are fewer than the plan's patchDepth, the last one is repeated for the network.</param>
    /// <returns>As many values.</returns>
    public float[] Translate(float[] source, int slices)
    {
        if (slices < 1 || source.Length != slices * Plan.ImageSize * Plan.ImageSize)
            throw new ArgumentException($"A volume has {source.Length} voxels; {slices} slices of {Plan.ImageSize} x {Plan.ImageSize} are {slices * Plan.ImageSize * Plan.ImageSize}.", nameof(source));
        return Run(generator, Plan, device, source, slices);
    }

    public void Dispose() => generator.Dispose();

    internal static float[] Run(ResidualUNet generator, VolumeTranslationPlan plan, Device device, float[] source, int slices)
    {
        using var inference = inference_mode();
        return SlidingWindow.Blend(source, slices, plan.ImageSize, plan.PatchDepth, plan.PatchSize, plan.Overlap, patch =>
        {
            using var scope = NewDisposeScope();
            return generator.call(tensor(patch, [1, 1, plan.PatchDepth, plan.PatchSize, plan.PatchSize]).to(device)).cpu().data<float>().ToArray();
        });
    }
}
