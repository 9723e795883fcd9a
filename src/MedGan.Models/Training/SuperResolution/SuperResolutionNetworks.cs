using MedGan.Models.Checkpoints;
using MedGan.Models.Networks;
using MedGan.Models.Networks.SuperResolution;
using MedGan.Models.Sampling;
using MedGan.Models.Training.Degradation;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Training.SuperResolution;

/// <summary>The generator, its averaged copy, the discriminator and the feature network, where the plan has them.</summary>
internal sealed class SuperResolutionNetworks : IDisposable
{
    private readonly PerceptualFeatures? features;

    public SuperResolutionNetworks(SuperResolutionPlan plan, PerceptualFeatures? features, Device device)
    {
        using var scope = NewDisposeScope();
        this.features = features;
        (Generator, Average) = (MakeGenerator(plan), MakeGenerator(plan));
        var random = new SeededRandom(plan.Seed, stream: 42);
        if (Generator is Rrdb rrdb) rrdb.Initialise(random);
        else ((SrResNet)Generator).Initialise(random);
        Discriminator = plan.IsAdversarial ? MakeDiscriminator(plan) : null;
        Discriminator?.Initialise(random);
        foreach (var (_, network) in Named()) CycleGanNetworks.Place(network, device);
        ExponentialMovingAverage.Update(Average, Generator, decay: 0, step: 0);
        CycleGanNetworks.SetTrainable(false, Average);
        Average.eval();
    }

    public nn.Module<Tensor, Tensor> Generator { get; }

    /// <summary>In evaluation mode, without gradients.</summary>
    public nn.Module<Tensor, Tensor> Average { get; }

    public SrganDiscriminator? Discriminator { get; }

    public IFeatureMaps? Features => features?.Maps;

    public static nn.Module<Tensor, Tensor> MakeGenerator(SuperResolutionPlan plan) => plan.IsDense
        ? new Rrdb(plan.Magnification, plan.GeneratorWidth, plan.Blocks, plan.Slices, plan.TailWidth, plan.Growth ?? 32)
        : new SrResNet(plan.Magnification, plan.GeneratorWidth, plan.Blocks, plan.Slices, plan.TailWidth, plan.BatchNorm);

    public static SrganDiscriminator MakeDiscriminator(SuperResolutionPlan plan) => new(plan.DiscriminatorWidth, plan.PatchSize);

    /// <summary>The fine image: bicubic interpolation of the middle slice, and the detail that a generator adds to it.</summary>
    /// <param name="coarse">[N,S,h,w].</param>
    /// <param name="detail">[N,1,H,W].</param>
    public static Tensor Image(SuperResolutionPlan plan, Tensor coarse, Tensor detail) =>
        BicubicUpsampling.Of(coarse.narrow(1, plan.Slices / 2, 1), plan.Magnification) + detail;

    /// <summary>What the plan's degradation, without its noise, leaves of an image.</summary>
    /// <param name="fine">[N,S,H,W], H and W multiples of the factor where they shrink.</param>
    /// <returns>[N,S,h,w].</returns>
    public static Tensor Coarse(SuperResolutionPlan plan, Tensor fine)
    {
        var (rows, columns) = ((int)fine.shape[2], (int)fine.shape[3]);
        return AxisOperator.Apply(fine, plan.AxisDegradation(rows), plan.Magnification.Columns == 1 ? AxisOperator.Identity(columns) : plan.AxisDegradation(columns));
    }

    /// <summary>Generator and average become another training's averaged generator.</summary>
    /// <exception cref="InvalidDataException">The folder holds no model of super-resolution, or one of another task or other networks; the message says all that differs.</exception>
    public void StartFrom(string folder, SuperResolutionPlan plan)
    {
        if (ModelFolder.ReadTrainingPlan(folder) is not SuperResolutionPlan old) throw new InvalidDataException($"{folder} holds no model of super-resolution to start from.");
        (string Name, object? Old, object? New)[] fields =
        [
            ("factor", old.Factor, plan.Factor), ("axes", old.Axes, plan.Axes), ("slices", old.Slices, plan.Slices), ("dense blocks", old.IsDense, plan.IsDense),
            ("generatorWidth", old.GeneratorWidth, plan.GeneratorWidth), ("blocks", old.Blocks, plan.Blocks), ("tailWidth", old.TailWidth, plan.TailWidth),
            ("growth", old.IsDense ? old.Growth ?? 32 : null, plan.IsDense ? plan.Growth ?? 32 : null), ("batchNorm", old.BatchNorm, plan.BatchNorm),
        ];
        string[] different = [.. fields.Where(f => !Equals(f.Old, f.New)).Select(f => $"its {f.Name} is {f.Old ?? "none"}, the plan's {f.New ?? "none"}")];
        if (different.Length > 0) throw new InvalidDataException($"{folder} cannot be started from: {string.Join("; ", different)}.");
        using var scope = NewDisposeScope();
        var weights = ModelFolder.ReadWeights(folder);
        foreach (var network in (nn.Module[])[Generator, Average]) TrainingCheckpoint.Copy(weights, CycleGanNetworks.Weights([("generator", network)]));
    }

    /// <summary>Every weight and buffer by name; owned by the networks.</summary>
    public Dictionary<string, Tensor> Weights() => CycleGanNetworks.Weights(Named());

    public Dictionary<string, Tensor> ExportedWeights() => CycleGanNetworks.Weights([("generator", Average)]);

    public void Dispose()
    {
        Generator.Dispose();
        Average.Dispose();
        Discriminator?.Dispose();
        features?.Dispose();
    }

    private IEnumerable<(string Name, nn.Module Network)> Named()
    {
        yield return ("generator", Generator);
        yield return ("average", Average);
        if (Discriminator is not null) yield return ("discriminator", Discriminator);
        if (features is not null) yield return ("features", features.Network);
    }
}
