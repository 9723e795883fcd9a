using MedGan.Models.Checkpoints;
using MedGan.Models.Networks;
using MedGan.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Sampling;

/// <summary>A trained CycleGAN's two generators (averaged weights), ready to translate. Not for use from several threads.</summary>
public sealed class Translator : IDisposable
{
    private readonly ResNetGenerator aToB, bToA;
    private readonly ScalarType type;
    private readonly Device device;

    private Translator(CycleGanPlan plan, ScalarType type, Device device)
    {
        Plan = plan;
        (this.type, this.device) = (type, device);
        (aToB, bToA) = (CycleGanNetworks.Generator(plan), CycleGanNetworks.Generator(plan));
        foreach (var generator in new[] { aToB, bToA })
        {
            generator.to(type);
            CycleGanNetworks.Place(generator, device);
        }
    }

    /// <summary>The plan that the model was trained by.</summary>
    public CycleGanPlan Plan { get; }

    /// <param name="modelFolder">As written by <see cref="Trainer.Export"/>.</param>
    /// <param name="device">"auto", "cpu", "cuda" or "cuda:N".</param>
    /// <param name="precision">
    /// What the generators compute in, "fp32", "bf16" or "fp16" (CUDA only). bf16 takes less time, and its images differ from fp32's by up to some thousandths of
    /// the range of values: for previews, not for what is handed out.
    /// </param>
    /// <exception cref="InvalidDataException">The folder's plan or weights cannot be read, or do not fit each other.</exception>
    public static Translator Load(string modelFolder, string device = "auto", string precision = "fp32")
    {
        if (!Precision.IsKnown(precision)) throw new ArgumentException($"precision must be fp32, bf16 or fp16, not {precision}.", nameof(precision));
        if (ModelFolder.ReadTrainingPlan(modelFolder) is not CycleGanPlan plan) throw new InvalidDataException($"{modelFolder} holds no model that translates both ways.");
        if (plan.Validate() is { Count: > 0 } errors) throw new InvalidPlanException(errors);
        using var scope = NewDisposeScope();
        var translator = new Translator(plan, Precision.Of(precision).Type, Compute.Prepare(device, plan.Threads));
        try
        {
            TrainingCheckpoint.Copy(ModelFolder.ReadWeights(modelFolder), CycleGanNetworks.Weights([("aToB", translator.aToB), ("bToA", translator.bToA)]));
            CycleGanNetworks.SetTrainable(false, translator.aToB, translator.bToA);
            return translator;
        }
        catch
        {
            translator.Dispose();
            throw;
        }
    }

    /// <param name="images">Of A (CT in MedGan), ImageSize * ImageSize values in [-1, 1].</param>
    /// <returns>Of B (MR), one for each, in the same order.</returns>
    public float[][] AToB(IReadOnlyList<float[]> images) => BatchTranslation.Run(aToB, images, Plan.ImageSize, Plan.InputChannels, type, device);

    /// <param name="images">Of B.</param>
    /// <returns>Of A.</returns>
    public float[][] BToA(IReadOnlyList<float[]> images) => BatchTranslation.Run(bToA, images, Plan.ImageSize, Plan.InputChannels, type, device);

    public void Dispose()
    {
        aToB.Dispose();
        bToA.Dispose();
    }
}
