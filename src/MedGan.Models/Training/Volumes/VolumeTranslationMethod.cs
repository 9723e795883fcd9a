using System.Text.Json;
using System.Text.Json.Nodes;
using MedGan.Models.Losses;
using MedGan.Models.Networks;
using MedGan.Models.Sampling;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedGan.Models.Training.Volumes;

/// <summary>Translation from registered pairs of volumes x, y: the generator minimises lambdaL1 E|G(x) - y| + lambdaGradient L_gradient on patches.</summary>
public sealed class VolumeTranslationMethod : ITrainingMethod
{
    private readonly VolumeTranslationPlan plan;
    private readonly Device device;
    private readonly VolumePatches patches;
    private readonly ResidualUNet generator, average;
    private readonly WorkingCopy working;
    private readonly Adam adam;
    private readonly Descent descent;
    private readonly VolumePair[] shown;

    /// <param name="plan">Checked here.</param>
    /// <param name="pairs">Of the patients to train on only.</param>
    /// <param name="shown">What samples show, at most 4 of them; training pairs when not given.</param>
    /// <exception cref="InvalidPlanException">The plan has errors; it names all of them.</exception>
    /// <exception cref="ArgumentException">There is no pair, or one is of another size.</exception>
    public VolumeTranslationMethod(VolumeTranslationPlan plan, IReadOnlyList<VolumePair> pairs, IReadOnlyList<VolumePair>? shown = null)
    {
        if (plan.Validate() is { Count: > 0 } errors) throw new InvalidPlanException(errors);
        this.plan = plan;
        patches = new VolumePatches(plan, pairs);
        if (shown is { Count: > 0 }) VolumePatches.CheckSizes(plan, shown);
        this.shown = TrainingImages.Spread(shown is { Count: > 0 } ? shown : pairs, 4);
        device = Compute.Prepare(plan.Device, plan.Threads);
        using var scope = NewDisposeScope();
        (generator, average) = (plan.Generator(), plan.Generator());
        generator.Initialise(new SeededRandom(plan.Seed, stream: 2));
        foreach (var (_, network) in Networks()) CycleGanNetworks.Place(network, device);
        ExponentialMovingAverage.Update(average, generator, decay: 0, step: 0);
        CycleGanNetworks.SetTrainable(false, average);
        var precision = Precision.Of(plan.Precision);
        working = new WorkingCopy(generator, precision, plan.Generator, device);
        adam = optim.Adam(generator.parameters(), plan.LearningRate, 0.9, 0.999);
        descent = new Descent(working, new LossScale(precision.InitialLossScale), plan.Accumulate, [adam]);
    }

    public string Fingerprint => patches.Fingerprint();

    public int ImagesPerStep => plan.BatchSize * plan.Accumulate;

    public IReadOnlyDictionary<string, double> TakeStep(long step, double share)
    {
        using var scope = NewDisposeScope();
        var report = new LossReport();
        descent.Begin(plan.LearningRate * LearningRateSchedule.Factor(share));
        for (var i = 0; i < plan.Accumulate; i++)
        {
            using var micro = NewDisposeScope();
            var (source, target) = patches.Next(device); // [N,1,D,H,W]
            var made = working.Call(source);
            var (l1, gradient) = ((made - target).abs().mean(), GradientDifferenceLoss.Of(made, target));
            var sum = plan.LambdaL1 * l1 + plan.LambdaGradient * gradient;
            descent.Add(sum);
            report.Add("generator", sum);
            report.Add("l1", l1);
            report.Add("gradient", gradient);
        }
        descent.End();
        ExponentialMovingAverage.Update(average, generator, plan.EmaDecay, step);
        return report.Means(plan.Accumulate);
    }

    /// <summary>The mean absolute difference, in [-1, 1] units, between target volumes and what the averaged generator makes of their sources.</summary>
    public double Error(IReadOnlyList<VolumePair> pairs) => pairs.Average(pair => Translated(pair).Zip(pair.Target, (made, target) => (double)Math.Abs(made - target)).Average());

    public IReadOnlyDictionary<string, Tensor> Tensors() =>
        new Dictionary<string, Tensor>(CycleGanNetworks.Weights(Networks()).Concat(AdamMoments.Of(adam, "generatorSteps")), StringComparer.Ordinal);

    public JsonObject Counters
    {
        get => JsonSerializer.SerializeToNode(new State(patches.Sampler.State, patches.Random.State, AdamMoments.Steps(adam)))!.AsObject();
        set
        {
            var state = value.Deserialize<State>() ?? throw new InvalidDataException("The checkpoint's counters are empty.");
            (patches.Sampler.State, patches.Random.State) = (state.Sampler, state.Places);
            AdamMoments.Restore(adam, state.GeneratorSteps);
            working.Refresh();
        }
    }

    public IReadOnlyDictionary<string, Tensor> ExportedWeights() => CycleGanNetworks.Weights([("generator", average)]);

    /// <summary>The middle slice of source, translation and target of each pair shown.</summary>
    public SampleSheet Samples()
    {
        var area = plan.ImageSize * plan.ImageSize;
        return new SampleSheet(3, plan.ImageSize, plan.ImageSize, [.. shown.SelectMany(pair =>
            new[] { pair.Source, Translated(pair), pair.Target }.Select(volume => volume[(pair.Slices / 2 * area)..((pair.Slices / 2 + 1) * area)]))]);
    }

    public void Dispose()
    {
        working.Dispose();
        adam.Dispose();
        foreach (var (_, network) in Networks()) network.Dispose();
    }

    private float[] Translated(VolumePair pair) => VolumeTranslator.Run(average, plan, device, pair.Source, pair.Slices);

    private IEnumerable<(string Name, nn.Module Network)> Networks() => [("generator", generator), ("average", average)];

    private sealed record State(SamplerState Sampler, ulong[] Places, long[] GeneratorSteps);
}
