using MedGan.Models.Checkpoints;
using MedGan.Models.Networks.Conditional;
using MedGan.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Sampling;

/// <summary>A trained class-conditional generator (averaged weights), ready to sample. The same seed gives the same images on every call. Not for use from several threads.</summary>
public sealed class ClassConditionalGenerator : IDisposable
{
    private const int ImagesAtOnce = 32;

    private readonly ConditionalGenerator network;
    private readonly Device device;
    private readonly StyleSpace? styles;

    private ClassConditionalGenerator(ClassConditionalPlan plan, Device device)
    {
        Plan = plan;
        this.device = device;
        using var scope = NewDisposeScope();
        network = ConditionalNetworks.Generator(plan, new SeededRandom(plan.Seed, stream: 2));
        ConditionalNetworks.Place(network, device);
        network.eval();
        CycleGanNetworks.SetTrainable(false, network);
        if (network is StyleGan2Generator style) styles = new StyleSpace(this, style, device);
    }

    /// <summary>The plan that the model was trained by.</summary>
    public ClassConditionalPlan Plan { get; }

    /// <summary>Styles and what can be done with them.</summary>
    /// <exception cref="InvalidOperationException">The model's method has none.</exception>
    public StyleSpace Styles => styles ?? throw new InvalidOperationException($"A {Plan.Method} model has no styles; stylegan2-ada has.");

    /// <param name="modelFolder">With plan.json and weights.safetensors.</param>
    /// <param name="device">"auto", "cpu", "cuda" or "cuda:N".</param>
    /// <exception cref="InvalidDataException">The folder's plan or weights cannot be read, or do not fit each other.</exception>
    /// <exception cref="InvalidPlanException">The plan has errors.</exception>
    public static ClassConditionalGenerator Load(string modelFolder, string device = "auto")
    {
        if (ModelFolder.ReadTrainingPlan(modelFolder) is not ClassConditionalPlan plan)
            throw new InvalidDataException($"{modelFolder} holds no class-conditional model.");
        if (plan.Validate() is { Count: > 0 } errors) throw new InvalidPlanException(errors);
        using var scope = NewDisposeScope();
        var weights = ModelFolder.ReadWeights(modelFolder).Where(w => w.Key.StartsWith("generator.", StringComparison.Ordinal)).ToDictionary();
        return FromWeights(plan, weights, Compute.Prepare(device, plan.Threads));
    }

    /// <param name="plan">Without errors.</param>
    /// <param name="weights">Those of the generator, "generator." before each name; copied.</param>
    /// <param name="device">Where it runs.</param>
    internal static ClassConditionalGenerator FromWeights(ClassConditionalPlan plan, IReadOnlyDictionary<string, Tensor> weights, Device device)
    {
        var generator = new ClassConditionalGenerator(plan, device);
        try
        {
            TrainingCheckpoint.Copy(weights, CycleGanNetworks.Weights([("generator", generator.network)]));
            return generator;
        }
        catch
        {
            generator.Dispose();
            throw;
        }
    }

    /// <summary>New images of a class.</summary>
    /// <param name="className">One of the plan's.</param>
    /// <param name="count">How many; the first ones of a larger count are the same.</param>
    /// <param name="seed">Decides the latents.</param>
    /// <param name="truncation">psi, above 0, at most 1: below 1 images are more typical and vary less. See <see cref="FromLatents"/>.</param>
    /// <returns>Channels * size * size values each, in [-1, 1].</returns>
    public float[][] Sample(string className, int count, long seed, double truncation = 1)
    {
        var random = new SeededRandom(seed, stream: 60);
        return FromLatents(className, [.. Enumerable.Range(0, count).Select(_ => Latent(random, truncation))], truncation);
    }

    /// <summary>A latent for <see cref="FromLatents"/>: Z values, standard normal.</summary>
    public float[] Latent(long seed) => Latent(new SeededRandom(seed, stream: 60), 1);

    /// <param name="className">One of the plan's.</param>
    /// <param name="latents">Z values each.</param>
    /// <param name="truncation">
    /// With styles (StyleGAN, 1812.04948, appendix B): each w is pulled to its class's mean, w' = m + psi (w - m). Without: it has no effect here; <see cref="Sample"/> draws latents
    /// whose values lie within 2 psi instead (BigGAN, 1809.11096, section 3.1).
    /// </param>
    /// <returns>One image for each, in the same order.</returns>
    public float[][] FromLatents(string className, IReadOnlyList<float[]> latents, double truncation = 1)
    {
        if (truncation is not (> 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(truncation), truncation, "The truncation must be above 0 and at most 1.");
        var index = ClassIndex(className);
        using var inference = inference_mode();
        var images = new List<float[]>(latents.Count);
        foreach (var chunk in latents.Chunk(ImagesAtOnce))
        {
            using var scope = NewDisposeScope();
            var z = Rows(chunk, network.LatentDimensions);
            var y = full([chunk.Length], index, dtype: ScalarType.Int64, device: device);
            images.AddRange(Pixels(styles is null ? network.call(z, y) : styles.Synthesise(styles.Truncated(z, y, index, truncation))));
        }
        return [.. images];
    }

    internal int ClassIndex(string className)
    {
        for (var i = 0; i < Plan.Classes.Count; i++)
            if (Plan.Classes[i] == className) return i;
        throw new ArgumentException($"The model's classes are {string.Join(", ", Plan.Classes)}; {className} is none of them.", nameof(className));
    }

    // [N,dimensions] on the device
    internal Tensor Rows(IReadOnlyList<float[]> values, int dimensions)
    {
        foreach (var row in values)
            if (row.Length != dimensions) throw new ArgumentException($"{row.Length} values were given where the model takes {dimensions}.", nameof(values));
        return tensor(values.SelectMany(v => v).ToArray(), [values.Count, dimensions], device: device);
    }

    // [N,C,H,W] -> N times C * H * W in [-1, 1]
    internal static IEnumerable<float[]> Pixels(Tensor images) => images.clamp(-1, 1).flatten(1).cpu().contiguous().data<float>().ToArray().Chunk((int)(images.numel() / images.shape[0]));

    private float[] Latent(SeededRandom random, double truncation)
    {
        double Within(double limit)
        {
            double value;
            do value = random.NextNormal();
            while (Math.Abs(value) > limit);
            return value;
        }
        var limit = styles is null && truncation < 1 ? 2 * truncation : double.PositiveInfinity;
        return [.. Enumerable.Range(0, network.LatentDimensions).Select(_ => (float)Within(limit))];
    }

    public void Dispose() => network.Dispose();
}
