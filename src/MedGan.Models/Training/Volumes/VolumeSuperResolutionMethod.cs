using System.Text.Json;
using System.Text.Json.Nodes;
using MedGan.Models.Losses;
using MedGan.Models.Networks.SuperResolution;
using MedGan.Models.Sampling;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedGan.Models.Training.Volumes;

/// <summary>srresnet-3d in training: the generator descends the content loss of thin slices made of thick ones.</summary>
public sealed class VolumeSuperResolutionMethod : ITrainingMethod
{
    private readonly VolumeSuperResolutionPlan plan;
    private readonly Device device;
    private readonly ThinSlicePatches patches;
    private readonly SrResNet3d generator, average;
    private readonly WorkingCopy working;
    private readonly Adam adam;
    private readonly Descent descent;
    private readonly TrainingVolume[] shown;

    /// <param name="plan">Checked here.</param>
    /// <param name="volumes">Thin slices of the patients to train on only.</param>
    /// <param name="shown">What samples show, at most 4 of them; training volumes when not given.</param>
    /// <exception cref="InvalidPlanException">The plan has errors; it names all of them.</exception>
    /// <exception cref="ArgumentException">There is no volume, or one is of another size.</exception>
    public VolumeSuperResolutionMethod(VolumeSuperResolutionPlan plan, IReadOnlyList<TrainingVolume> volumes, IReadOnlyList<TrainingVolume>? shown = null)
    {
        if (plan.Validate() is { Count: > 0 } errors) throw new InvalidPlanException(errors);
        this.plan = plan;
        patches = new ThinSlicePatches(plan, volumes);
        this.shown = TrainingImages.Spread(shown is { Count: > 0 } ? shown : volumes, 4);
        foreach (var volume in this.shown) ThinSlicePatches.Check(plan, volume);
        device = Compute.Prepare(plan.Device, plan.Threads);
        using var scope = NewDisposeScope();
        (generator, average) = (plan.Generator(), plan.Generator());
        generator.Initialise(new SeededRandom(plan.Seed, stream: 42));
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
            var (thick, thin) = patches.Next(device); // [N,1,d,H,W], [N,1,D,H,W]
            var loss = ContentLoss.Of(plan.ContentLoss, thin, ThickSlices.Interpolated(thick, plan.Factor) + working.Call(thick));
            descent.Add(loss);
            report.Add("generator", loss);
        }
        descent.End();
        ExponentialMovingAverage.Update(average, generator, plan.EmaDecay, step);
        return report.Means(plan.Accumulate);
    }

    /// <summary>The root mean square error, in [-1, 1] units, of thin slices that the averaged generator makes of degraded ones.</summary>
    public double Error(IReadOnlyList<TrainingVolume> volumes) =>
        Math.Sqrt(volumes.Average(v => Made(v).Zip(v.Voxels, (made, truth) => Math.Pow(Math.Clamp(made, -1, 1) - truth, 2)).Average()));

    public IReadOnlyDictionary<string, Tensor> Tensors() =>
        new Dictionary<string, Tensor>(CycleGanNetworks.Weights(Networks()).Concat(AdamMoments.Of(adam, "generatorAdam")), StringComparer.Ordinal);

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

    /// <summary>A middle reformat of each volume shown, as thick slices repeat it, as the averaged generator makes it, and as it is; its slices are the rows above the middle of a square.</summary>
    public SampleSheet Samples()
    {
        var (size, area) = (plan.ImageSize, plan.ImageSize * plan.ImageSize);
        float[] Reformat(float[] volume, int times)
        {
            var (square, slices) = (new float[area], volume.Length / area * times);
            Array.Fill(square, -1);
            for (var z = 0; z < Math.Min(slices, size); z++) volume.AsSpan(z / times * area + size / 2 * size, size).CopyTo(square.AsSpan((size - 1 - z) * size));
            return square;
        }
        return new SampleSheet(3, size, size, [.. shown.SelectMany(v => new[] { Reformat(ThinSlicePatches.Thick(plan, v), plan.Factor), Reformat(Made(v), 1), Reformat(v.Voxels, 1) })]);
    }

    public void Dispose()
    {
        working.Dispose();
        adam.Dispose();
        foreach (var (_, network) in Networks()) network.Dispose();
    }

    private float[] Made(TrainingVolume volume) =>
        VolumeResolver.Run(average, plan, device, ThinSlicePatches.Thick(plan, volume), ThinSlicePatches.Used(plan, volume) / plan.Factor, plan.ImageSize, plan.ImageSize);

    private IEnumerable<(string Name, nn.Module Network)> Networks() => [("generator", generator), ("average", average)];

    private sealed record State(SamplerState Sampler, ulong[] Places, long[] GeneratorSteps);
}
