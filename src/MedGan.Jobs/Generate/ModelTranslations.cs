using MedGan.Dicom.Volumes;
using MedGan.Models.Sampling;
using MedGan.Models.Training;

namespace MedGan.Jobs.Generate;

/// <summary>What a trained model makes of slices: of both modalities with CycleGAN, of its source alone with the other methods. Not for use from several threads.</summary>
internal sealed class ModelTranslations : IDisposable
{
    private readonly IDisposable model;
    private readonly Dictionary<Modality, Func<IReadOnlyList<float[]>, float[][]>> ways;

    private ModelTranslations(IDisposable model, TrainingPlan plan, int slices, Dictionary<Modality, Func<IReadOnlyList<float[]>, float[][]>> ways) =>
        (this.model, Plan, Slices, this.ways) = (model, plan, slices, ways);

    /// <summary>The plan that the model was trained by.</summary>
    public TrainingPlan Plan { get; }

    /// <summary>Neighbouring slices that the model sees, an odd number.</summary>
    public int Slices { get; }

    /// <param name="folder">A model folder of this machine.</param>
    /// <param name="source">What a model of one direction translates.</param>
    /// <param name="device">"auto", "cpu", "cuda" or "cuda:N".</param>
    public static ModelTranslations Load(string folder, Modality source, string device)
    {
        if (TrainingPlan.FromJson(File.ReadAllText(Path.Combine(folder, "plan.json"))) is CycleGanPlan)
        {
            var both = Translator.Load(folder, device);
            return new ModelTranslations(both, both.Plan, 1, new() { [Modality.CT] = both.AToB, [Modality.MR] = both.BToA });
        }
        var one = SliceTranslator.Load(folder, device);
        return new ModelTranslations(one, one.Plan, one.Slices, new() { [source] = one.Translate });
    }

    /// <summary>Whether images of the modality can be translated.</summary>
    public bool Takes(Modality modality) => ways.ContainsKey(modality);

    /// <param name="source">Of the images; one that <see cref="Takes"/> holds for.</param>
    /// <param name="stacks">Slices * ImageSize * ImageSize values each, in [-1, 1].</param>
    /// <returns>One image for each, in the other modality.</returns>
    public float[][] Translate(Modality source, IReadOnlyList<float[]> stacks) => ways[source](stacks);

    public void Dispose() => model.Dispose();
}
