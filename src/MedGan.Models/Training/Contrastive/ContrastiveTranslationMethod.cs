using System.Text.Json;
using System.Text.Json.Nodes;
using MedGan.Models.Losses;
using MedGan.Models.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedGan.Models.Training.Contrastive;

/// <summary>
/// CUT and FastCUT (2007.15651, equation 5): the generator minimises L_adv(G(x)) + lambdaNce L_nce(x, G(x)), for CUT with the mean of that and L_nce(y, G(y)), + lambdaEdges L_edges + lambdaMutualInformation L_information; least squares for the game.
/// </summary>
public sealed class ContrastiveTranslationMethod : ITrainingMethod
{
    private readonly ContrastiveTranslationPlan plan;
    private readonly Device device;
    private readonly SliceBatches sources, targets;
    private readonly ResNetGenerator generator, average;
    private readonly PatchProjection projection;
    private readonly PatchDiscriminator judge;
    private readonly WorkingCopy working, workingJudge;
    private readonly Adam generatorSteps, projectionSteps, judgeSteps;
    private readonly LossScale scale;
    private readonly Descent descent, judgeDescent;
    private readonly SeededRandom places;
    private readonly float[][] shown;

    /// <param name="plan">Checked here.</param>
    /// <param name="sources">Slices * size * size values each; of the patients to train on only.</param>
    /// <param name="targets">size * size values each; with the identity term of CUT, slices of the target beside one another are the middle one repeated.</param>
    /// <param name="shown">Sources that samples show, at most 4 of them; training sources when not given.</param>
    /// <exception cref="InvalidPlanException">The plan has errors; it names all of them.</exception>
    /// <exception cref="ArgumentException">A domain is empty, or an image is of another size.</exception>
    public ContrastiveTranslationMethod(ContrastiveTranslationPlan plan, IReadOnlyList<TrainingImage> sources, IReadOnlyList<TrainingImage> targets, IReadOnlyList<TrainingImage>? shown = null)
    {
        if (plan.Validate() is { Count: > 0 } errors) throw new InvalidPlanException(errors);
        this.plan = plan;
        this.sources = new SliceBatches("source", sources, plan.Slices, plan, stream: 10);
        this.targets = new SliceBatches("target", targets, 1, plan, stream: 20);
        if (shown is { Count: > 0 }) SliceBatches.CheckSizes("source", shown, plan.Slices, plan.ImageSize);
        var examples = shown is { Count: > 0 } ? shown : sources;
        this.shown = [.. TrainingImages.Spread(examples, 4).Select(i => i.Pixels)];
        device = Compute.Prepare(plan.Device, plan.Threads);
        var random = new SeededRandom(plan.Seed, stream: 2);
        places = new SeededRandom(plan.Seed, stream: 3);
        (generator, average) = (Generator(plan), Generator(plan));
        projection = new PatchProjection(ResNetGenerator.EncodedChannels(plan.GeneratorWidth));
        generator.Initialise(random);
        projection.Initialise(random);
        judge = PatchDiscriminator.Drawn(plan, 1, random);
        foreach (var (_, network) in Networks()) CycleGanNetworks.Place(network, device);
        ExponentialMovingAverage.Update(average, generator, decay: 0, step: 0);
        CycleGanNetworks.SetTrainable(false, average);
        var precision = Precision.Of(plan.Precision);
        working = new WorkingCopy(generator, precision, () => Generator(plan), device);
        workingJudge = new WorkingCopy(judge, precision, () => PatchDiscriminator.Drawn(plan, 1, new SeededRandom(0)), device);
        Adam Optimiser(nn.Module network) => optim.Adam(network.parameters(), plan.LearningRate, plan.Beta1, 0.999);
        (generatorSteps, projectionSteps, judgeSteps) = (Optimiser(generator), Optimiser(projection), Optimiser(judge));
        scale = new LossScale(precision.InitialLossScale);
        descent = new Descent(working, scale, plan.Accumulate, [generatorSteps, projectionSteps], projection);
        judgeDescent = new Descent(workingJudge, scale, plan.Accumulate, [judgeSteps]);
    }

    public string Fingerprint => $"{sources.Fingerprint()} {targets.Fingerprint()}";

    public int ImagesPerStep => plan.BatchSize * plan.Accumulate;

    /// <summary>The network that a plan describes; its weights are as they come.</summary>
    internal static ResNetGenerator Generator(ContrastiveTranslationPlan plan) => new(plan.GeneratorWidth, plan.ResidualBlocks, plan.Slices, plan.PixelPathWidth, plan.Attention);

    public IReadOnlyDictionary<string, double> TakeStep(long step, double share)
    {
        using var scope = NewDisposeScope();
        var rate = plan.LearningRate * LearningRateSchedule.Factor(share);
        var n = plan.BatchSize;
        var mirrored = plan.Method == "fastcut" && places.Next(2) == 1;
        Tensor[] at = [.. LayerSizes.Select(size => Places(size * size))]; // the same for all images of a step
        var report = new LossReport();
        var seen = new List<(Tensor Target, Tensor Translation)>();

        workingJudge.SetTrainable(false);
        descent.Begin(rate);
        for (var i = 0; i < plan.Accumulate; i++)
        {
            using var micro = NewDisposeScope();
            var (x, y) = (sources.Next(n, device), targets.Next(n, device)); // [N,C,H,W], [N,1,H,W]
            var kept = plan.Method == "cut" ? cat([x, Repeated(y)]) : x; // CUT also translates targets, which shall stay what they are
            var shown = mirrored ? kept.flip(3) : kept;
            var made = working.Call(shown); // [2N or N,1,H,W]
            var translation = made.narrow(0, 0, n);
            var nce = Nce(kept, made, mirrored, at);
            descent.Add(GeneratorLoss(shown.narrow(0, 0, n).narrow(1, plan.Slices / 2, 1), translation, nce, report));
            seen.Add((y.MoveToOuterDisposeScope(), translation.detach().MoveToOuterDisposeScope()));
        }
        descent.End();
        ExponentialMovingAverage.Update(average, generator, plan.EmaDecay, step);

        workingJudge.SetTrainable(true);
        judgeDescent.Begin(rate * plan.DiscriminatorRateFactor);
        foreach (var (y, translation) in seen)
        {
            using var micro = NewDisposeScope();
            var judged = workingJudge.Call(cat([y, translation])); // [2N,1,h,w]
            var (onReal, onMade) = (judged.narrow(0, 0, n), judged.narrow(0, n, n));
            var loss = LeastSquaresLoss.Discriminator(onReal, onMade);
            judgeDescent.Add(loss);
            report.Add("discriminator", loss);
            report.Add(TrainingWatch.DiscriminatorAccuracy, TrainingWatch.RightDecisions(onReal, onMade, border: 0.5));
        }
        judgeDescent.End();
        return report.Means(plan.Accumulate);
    }

    public IReadOnlyDictionary<string, Tensor> Tensors() => new Dictionary<string, Tensor>(
        CycleGanNetworks.Weights(Networks())
            .Concat(AdamMoments.Of([generatorSteps, projectionSteps], "generatorSteps"))
            .Concat(AdamMoments.Of(judgeSteps, "discriminatorSteps")), StringComparer.Ordinal);

    public JsonObject Counters
    {
        get => JsonSerializer.SerializeToNode(new State(
            sources.Sampler.State, sources.Random.State, targets.Sampler.State, targets.Random.State, places.State,
            AdamMoments.Steps([generatorSteps, projectionSteps]), AdamMoments.Steps(judgeSteps), scale.State.Value, scale.State.Steps))!.AsObject();
        set
        {
            var state = value.Deserialize<State>() ?? throw new InvalidDataException("The checkpoint's counters are empty.");
            (sources.Sampler.State, sources.Random.State) = (state.Sources, state.SourceAugmentation);
            (targets.Sampler.State, targets.Random.State, places.State) = (state.Targets, state.TargetAugmentation, state.Places);
            AdamMoments.Restore([generatorSteps, projectionSteps], state.GeneratorSteps);
            AdamMoments.Restore(judgeSteps, state.DiscriminatorSteps);
            scale.State = (state.LossScale, state.LossScaleSteps);
            working.Refresh();
            workingJudge.Refresh();
        }
    }

    public IReadOnlyDictionary<string, Tensor> ExportedWeights() => CycleGanNetworks.Weights([("generator", average)]);

    /// <summary>Source and translation of each image shown.</summary>
    public SampleSheet Samples()
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var (size, area) = (plan.ImageSize, plan.ImageSize * plan.ImageSize);
        var made = average.call(tensor(shown.SelectMany(s => s).ToArray(), [shown.Length, plan.Slices, size, size]).to(device)).cpu().data<float>().ToArray();
        return new SampleSheet(2, size, size, [.. shown.Index().SelectMany(image => new[]
        {
            image.Item[(plan.Slices / 2 * area)..((plan.Slices / 2 + 1) * area)], made[(image.Index * area)..((image.Index + 1) * area)],
        })]);
    }

    public void Dispose()
    {
        working.Dispose();
        workingJudge.Dispose();
        foreach (var optimiser in new[] { generatorSteps, projectionSteps, judgeSteps }) optimiser.Dispose();
        foreach (var (_, network) in Networks()) network.Dispose();
    }

    // source and translation: [N,1,H,W]
    private Tensor GeneratorLoss(Tensor source, Tensor translation, Tensor nce, LossReport report)
    {
        var adversarial = LeastSquaresLoss.Generator(workingJudge.Call(translation));
        var sum = adversarial + plan.LambdaNce * nce;
        report.Add("adversarial", adversarial);
        report.Add("nce", nce);
        if (plan.LambdaEdges > 0)
        {
            var edges = EdgeAlignmentLoss.Of(source, translation);
            sum += plan.LambdaEdges * edges;
            report.Add("edges", edges);
        }
        if (plan.LambdaMutualInformation > 0)
        {
            var information = MutualInformationLoss.Of(source, translation, plan.MutualInformationBins);
            sum += plan.LambdaMutualInformation * information;
            report.Add("mutualInformation", information);
        }
        report.Add("generator", sum);
        return sum;
    }

    // of what the encoder gives, layer by layer
    private int[] LayerSizes => [plan.ImageSize, plan.ImageSize / 2, plan.ImageSize / 4, plan.ImageSize / 4, plan.ImageSize / 4];

    // the mean over layers: both through the generator's own first half, the source without gradients
    private Tensor Nce(Tensor source, Tensor made, bool mirrored, Tensor[] places)
    {
        var encoder = (ResNetGenerator)working.Network;
        Tensor[] keys;
        using (no_grad()) keys = encoder.Encode(working.Narrow(source));
        var queries = encoder.Encode(working.Narrow(Repeated(made)));
        var sum = zeros([], device: device);
        for (var layer = 0; layer < queries.Length; layer++)
        {
            var at = places[layer];
            Tensor k;
            using (no_grad()) k = projection.Project(layer, keys[layer], at);
            sum += PatchNceLoss.Of(projection.Project(layer, mirrored ? queries[layer].flip(3) : queries[layer], at), k, plan.Temperature);
        }
        return sum / queries.Length;
    }

    // an image of one slice for a network of several: that slice again and again
    private Tensor Repeated(Tensor image) => plan.Slices == 1 ? image : image.expand(image.shape[0], plan.Slices, image.shape[2], image.shape[3]);

    private Tensor Places(int all)
    {
        var order = Enumerable.Range(0, all).Select(i => (long)i).ToArray();
        for (var i = 0; i < plan.Patches; i++)
        {
            var j = i + places.Next(order.Length - i);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return tensor(order[..plan.Patches]).to(device); // [S]
    }

    private IEnumerable<(string Name, nn.Module Network)> Networks() => [("generator", generator), ("average", average), ("projection", projection), ("discriminator", judge)];

    private sealed record State(
        SamplerState Sources, ulong[] SourceAugmentation, SamplerState Targets, ulong[] TargetAugmentation, ulong[] Places,
        long[] GeneratorSteps, long[] DiscriminatorSteps, double LossScale, int LossScaleSteps);
}
