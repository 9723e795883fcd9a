using System.Text.Json;
using System.Text.Json.Nodes;
using MedGan.Models.Losses;
using MedGan.Models.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedGan.Models.Training.Paired;

/// <summary>
/// Translation from registered pairs x, y: the discriminator tells (x, y) from (x, G(x)) by least squares, the generator minimises
/// lambdaAdversarial L_adv + lambdaL1 E|G(x) - y| + lambdaGradient L_gradient + lambdaStructure L_structure + lambdaFeature L_feature + lambdaFeatureMatching L_matching
/// (1611.07004, equation 4, and what the plan adds).
/// </summary>
public sealed class PairedTranslationMethod : ITrainingMethod
{
    private readonly PairedTranslationPlan plan;
    private readonly Device device;
    private readonly PairedBatches batches;
    private readonly nn.Module<Tensor, Tensor> generator, average;
    private readonly PatchDiscriminator[] judges;
    private readonly WorkingCopy working;
    private readonly WorkingCopy[] workingJudges;
    private readonly Adam generatorSteps;
    private readonly Adam[] judgeSteps;
    private readonly LossScale scale;
    private readonly Descent descent;
    private readonly Descent[] judgeDescents;
    private readonly PerceptualFeatures? features;
    private readonly PairedImage[] shown;

    /// <param name="plan">Checked here.</param>
    /// <param name="pairs">Of the patients to train on only.</param>
    /// <param name="shown">What samples show, at most 4 of them; training pairs when not given.</param>
    /// <param name="featureFile">The weights of the feature network "squeezenet"; see <see cref="SqueezeNetMaps.Load"/>.</param>
    /// <exception cref="InvalidPlanException">The plan has errors; it names all of them.</exception>
    /// <exception cref="ArgumentException">There is no pair, one is of another size, or the feature network's file is missing.</exception>
    public PairedTranslationMethod(PairedTranslationPlan plan, IReadOnlyList<PairedImage> pairs, IReadOnlyList<PairedImage>? shown = null, string? featureFile = null)
    {
        if (plan.Validate() is { Count: > 0 } errors) throw new InvalidPlanException(errors);
        PerceptualFeatures.CheckFile(plan.FeatureNetwork, featureFile);
        this.plan = plan;
        batches = new PairedBatches(pairs, plan);
        if (shown is { Count: > 0 }) PairedBatches.CheckSizes(shown, plan);
        this.shown = TrainingImages.Spread(shown is { Count: > 0 } ? shown : pairs, 4);
        features = PerceptualFeatures.Of(
            plan.FeatureNetwork, featureFile, [.. pairs.Select(p => new TrainingImage(p.PatientId, p.Target))], plan.ImageSize, plan.ImageSize, plan.Seed, plan.FeatureSteps);
        device = Compute.Prepare(plan.Device, plan.Threads);
        using var scope = NewDisposeScope();
        var random = new SeededRandom(plan.Seed, stream: 2);
        generator = PairedNetworks.Generator(plan, random);
        average = PairedNetworks.Generator(plan, random);
        judges = [.. Enumerable.Range(0, plan.LambdaAdversarial > 0 ? plan.DiscriminatorScales : 0).Select(_ => PairedNetworks.Discriminator(plan, random))];
        foreach (var (_, network) in Networks()) CycleGanNetworks.Place(network, device);
        ExponentialMovingAverage.Update(average, generator, decay: 0, step: 0);
        CycleGanNetworks.SetTrainable(false, average);
        var precision = Precision.Of(plan.Precision);
        working = new WorkingCopy(generator, precision, () => PairedNetworks.Generator(plan, null), device);
        workingJudges = [.. judges.Select(judge => new WorkingCopy(judge, precision, () => PairedNetworks.Discriminator(plan, new SeededRandom(0)), device))];
        generatorSteps = optim.Adam(generator.parameters(), plan.LearningRate, plan.Beta1, 0.999);
        judgeSteps = [.. judges.Select(judge => optim.Adam(judge.parameters(), plan.LearningRate, plan.Beta1, 0.999))];
        scale = new LossScale(precision.InitialLossScale);
        descent = new Descent(working, scale, plan.Accumulate, [generatorSteps]);
        judgeDescents = [.. workingJudges.Zip(judgeSteps, (judge, steps) => new Descent(judge, scale, plan.Accumulate, [steps]))];
    }

    public string Fingerprint => batches.Fingerprint();

    public int ImagesPerStep => plan.BatchSize * plan.Accumulate;

    public IReadOnlyDictionary<string, double> TakeStep(long step, double share)
    {
        using var scope = NewDisposeScope();
        var rate = plan.LearningRate * LearningRateSchedule.Factor(share);
        var report = new LossReport();
        var seen = new List<(Tensor Source, Tensor Target, Tensor Made)>();

        foreach (var judge in workingJudges) judge.SetTrainable(false);
        descent.Begin(rate);
        for (var i = 0; i < plan.Accumulate; i++)
        {
            using var micro = NewDisposeScope();
            var (source, target) = batches.Next(device);
            var made = working.Call(source); // [N,1,H,W]
            descent.Add(GeneratorLoss(source, target, made, report));
            seen.Add((source.MoveToOuterDisposeScope(), target.MoveToOuterDisposeScope(), made.detach().MoveToOuterDisposeScope()));
        }
        descent.End();
        ExponentialMovingAverage.Update(average, generator, plan.EmaDecay, step);

        foreach (var (k, judge) in workingJudges.Index())
        {
            judge.SetTrainable(true);
            judgeDescents[k].Begin(rate * plan.DiscriminatorRateFactor);
            foreach (var (source, target, made) in seen)
            {
                using var micro = NewDisposeScope();
                var (loss, accuracy) = Judge(judge, k, source, target, made);
                judgeDescents[k].Add(loss);
                report.Add("discriminator", loss / workingJudges.Length);
                report.Add(TrainingWatch.DiscriminatorAccuracy, accuracy / workingJudges.Length);
            }
            judgeDescents[k].End();
        }
        return report.Means(plan.Accumulate);
    }

    /// <summary>The mean absolute difference, in [-1, 1] units, between targets and what the averaged generator makes of their sources; 0.5 (1 - SSIM) is added, so that sharpness counts.</summary>
    public double Error(IReadOnlyList<PairedImage> pairs)
    {
        using var inference = inference_mode();
        var sum = 0.0;
        foreach (var chunk in pairs.Chunk(16))
        {
            using var scope = NewDisposeScope();
            var made = PairedNetworks.Translate(plan, average, PairedBatches.Sources([.. chunk.Select(p => p.Source)], plan.ImageSize).to(device));
            var target = PairedBatches.Sources([.. chunk.Select(p => p.Target)], plan.ImageSize).to(device);
            sum += chunk.Length * ((made - target).abs().mean() + 0.5 * StructuralSimilarityLoss.Of(made, target)).ToDouble();
        }
        return sum / pairs.Count;
    }

    public IReadOnlyDictionary<string, Tensor> Tensors() => new Dictionary<string, Tensor>(
        CycleGanNetworks.Weights(Networks())
            .Concat(AdamMoments.Of(generatorSteps, "generatorSteps"))
            .Concat(AdamMoments.Of(judgeSteps, "discriminatorSteps")), StringComparer.Ordinal);

    public JsonObject Counters
    {
        get => JsonSerializer.SerializeToNode(new State(
            batches.Sampler.State, batches.Random.State, AdamMoments.Steps(generatorSteps), AdamMoments.Steps(judgeSteps), scale.State.Value, scale.State.Steps))!.AsObject();
        set
        {
            var state = value.Deserialize<State>() ?? throw new InvalidDataException("The checkpoint's counters are empty.");
            (batches.Sampler.State, batches.Random.State) = (state.Sampler, state.Augmentation);
            AdamMoments.Restore(generatorSteps, state.GeneratorSteps);
            AdamMoments.Restore(judgeSteps, state.DiscriminatorSteps);
            scale.State = (state.LossScale, state.LossScaleSteps);
            foreach (var copy in workingJudges.Append(working)) copy.Refresh();
        }
    }

    public IReadOnlyDictionary<string, Tensor> ExportedWeights() => CycleGanNetworks.Weights([("generator", average)]);

    /// <summary>Source, translation and target of each pair shown.</summary>
    public SampleSheet Samples()
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var area = plan.ImageSize * plan.ImageSize;
        var made = PairedNetworks.Translate(plan, average, PairedBatches.Sources([.. shown.Select(p => p.Source)], plan.ImageSize).to(device)).cpu().data<float>().ToArray();
        return new SampleSheet(3, plan.ImageSize, plan.ImageSize, [.. shown.Index().SelectMany(pair => new[]
        {
            pair.Item.Source[(plan.Slices / 2 * area)..((plan.Slices / 2 + 1) * area)], made[(pair.Index * area)..((pair.Index + 1) * area)], pair.Item.Target,
        })]);
    }

    public void Dispose()
    {
        foreach (var copy in workingJudges.Append(working)) copy.Dispose();
        foreach (var optimiser in judgeSteps.Append(generatorSteps)) optimiser.Dispose();
        foreach (var (_, network) in Networks()) network.Dispose();
    }

    // the weighted sum of the terms that the plan has
    private Tensor GeneratorLoss(Tensor source, Tensor target, Tensor made, LossReport report)
    {
        var sum = zeros([], device: device);
        void Add(string name, double weight, Func<Tensor> term)
        {
            if (weight == 0 && name != "l1") return;
            var value = term();
            sum += weight * value;
            report.Add(name, value);
        }
        Add("l1", plan.LambdaL1, () => (made - target).abs().mean());
        Add("gradient", plan.LambdaGradient, () => GradientDifferenceLoss.Of(made, target));
        Add("structure", plan.LambdaStructure, () => StructuralSimilarityLoss.Of(made, target));
        Add("feature", plan.LambdaFeature, () => FeatureLoss.Of(features!.Maps, target, made));
        Add("featureMatching", plan.LambdaFeatureMatching, () => MeanOverJudges((judge, k) => DiscriminatorFeatureLoss.Of(Maps(judge, k, source, target), Maps(judge, k, source, made))));
        Add("adversarial", plan.LambdaAdversarial, () => MeanOverJudges((judge, k) => LeastSquaresLoss.Generator(judge.Call(PairedNetworks.Halved(cat([source, made], 1), k)))));
        report.Add("generator", sum);
        return sum;
    }

    private Tensor MeanOverJudges(Func<WorkingCopy, int, Tensor> value) => stack([.. workingJudges.Select(value)]).mean();

    // of the layers, without the scores
    private static IReadOnlyList<Tensor> Maps(WorkingCopy judge, int halvings, Tensor source, Tensor image) =>
        [.. ((PatchDiscriminator)judge.Network).Maps(judge.Narrow(PairedNetworks.Halved(cat([source, image], 1), halvings))).SkipLast(1)];

    private static (Tensor Loss, Tensor Accuracy) Judge(WorkingCopy judge, int halvings, Tensor source, Tensor target, Tensor made)
    {
        var n = source.shape[0];
        var both = judge.Call(PairedNetworks.Halved(cat([cat([source, target], 1), cat([source, made], 1)]), halvings)); // [2N,1,h,w]
        var (onReal, onMade) = (both.narrow(0, 0, n), both.narrow(0, n, n));
        return (LeastSquaresLoss.Discriminator(onReal, onMade), TrainingWatch.RightDecisions(onReal, onMade, border: 0.5));
    }

    private IEnumerable<(string Name, nn.Module Network)> Networks() =>
        [
        ("generator", generator), ("average", average), .. judges.Index().Select(judge => ($"discriminator{judge.Index}", (nn.Module)judge.Item)),
        .. features is null ? [] : new[] { ("features", features.Network) },
    ];

    private sealed record State(SamplerState Sampler, ulong[] Augmentation, long[] GeneratorSteps, long[] DiscriminatorSteps, double LossScale, int LossScaleSteps);
}
