using MedGan.Models.Losses;
using MedGan.Models.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>
/// One step of CycleGAN (1703.10593, equation 3 and section 5.2): both generators on
/// L_adv(A to B) + L_adv(B to A) + lambdaCycle L_cycle + lambdaIdentity L_identity + lambdaEdges L_edges + lambdaAtlas L_atlas, then both discriminators
/// on real images and pooled translations. Forward passes over the same weights are batched; the two directions, which share weights only, go side by side.
/// </summary>
internal sealed class CycleGanStep : IDisposable
{
    private readonly CycleGanPlan plan;
    private readonly CycleGanNetworks networks;
    private readonly OutlineAtlas? outlines;
    private readonly WorkingCopy aToB, bToA, discriminatorA, discriminatorB;
    private readonly GradientExchange? exchange;
    private readonly TwoLanes lanes;

    /// <param name="plan">Weights of the terms, rates, sizes.</param>
    /// <param name="networks">What is trained; not owned.</param>
    /// <param name="outlines">Of the training images; null when the plan has no atlas.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="exchange">The processes that share every batch; null when this one is alone.</param>
    public CycleGanStep(CycleGanPlan plan, CycleGanNetworks networks, OutlineAtlas? outlines, Device device, GradientExchange? exchange = null)
    {
        this.plan = plan;
        this.networks = networks;
        this.outlines = outlines;
        this.exchange = exchange;
        lanes = new TwoLanes(device);
        Adam Optimiser(nn.Module network) => optim.Adam(network.parameters(), plan.LearningRate, plan.Beta1, 0.999);
        Generators = [Optimiser(networks.AToB), Optimiser(networks.BToA)];
        Discriminators = [Optimiser(networks.DiscriminatorA), Optimiser(networks.DiscriminatorB)];
        var precision = Precision.Of(plan.Precision);
        WorkingCopy Generator(ResNetGenerator master) => new(master, precision, () => CycleGanNetworks.Generator(plan), device);
        WorkingCopy Discriminator(PatchDiscriminator master) => new(master, precision, () => CycleGanNetworks.Discriminator(plan), device);
        (aToB, bToA) = (Generator(networks.AToB), Generator(networks.BToA));
        (discriminatorA, discriminatorB) = (Discriminator(networks.DiscriminatorA), Discriminator(networks.DiscriminatorB));
        LossScale = new LossScale(precision.InitialLossScale);
        PoolA = new ImagePool(plan.PoolSize, plan.InputChannels, plan.ImageSize, new SeededRandom(plan.Seed, stream: 3), device);
        PoolB = new ImagePool(plan.PoolSize, plan.InputChannels, plan.ImageSize, new SeededRandom(plan.Seed, stream: 4), device);
    }

    /// <summary>Of A to B, and of B to A.</summary>
    public Adam[] Generators { get; }

    /// <summary>Of A's, and of B's.</summary>
    public Adam[] Discriminators { get; }

    public LossScale LossScale { get; }
    public ImagePool PoolA { get; }
    public ImagePool PoolB { get; }

    /// <param name="a">[N,C,H,W] of A: the image and, where the plan has it, its outline's depth, which every image made from it keeps.</param>
    /// <param name="b">[N,C,H,W] of B.</param>
    /// <param name="step">Steps taken before this one.</param>
    /// <param name="share">The used share of the budget, 0 .. 1.</param>
    /// <returns>By name: what the generators minimise, its unweighted terms (both directions; 0 when off), the discriminators' losses and the share of their decisions that are right.</returns>
    public IReadOnlyDictionary<string, double> Take(Tensor a, Tensor b, long step, double share)
    {
        using var scope = NewDisposeScope();
        var rateFactor = LearningRateSchedule.Factor(share);
        foreach (var group in Generators.SelectMany(o => o.ParamGroups)) group.LearningRate = plan.LearningRate * rateFactor;
        foreach (var group in Discriminators.SelectMany(o => o.ParamGroups)) group.LearningRate = plan.LearningRate * plan.DiscriminatorRateFactor * rateFactor;

        var lambdaAtlas = Math.Max(plan.LambdaAtlasFinal, plan.LambdaAtlas * (1 - 2 * share));
        var (expectedB, expectedA) = outlines is null || lambdaAtlas == 0 ? (null, null) : ((Tensor?)outlines.AToB(a), (Tensor?)outlines.BToA(b));
        foreach (var copy in new[] { aToB, bToA }) copy.Clear();
        Tensor fakeA = null!, fakeB = null!, termsA = null!, termsB = null!, judgedA = null!, judgedB = null!;
        lanes.Run(
            () =>
            {
                (fakeB, termsB) = Translate(a, b, aToB, bToA, discriminatorB, expectedB, lambdaAtlas);
                if (exchange is null) judgedB = Judge(discriminatorB, b, () => PoolB.Exchange(With(fakeB, a)));
            },
            () =>
            {
                (fakeA, termsA) = Translate(b, a, bToA, aToB, discriminatorA, expectedA, lambdaAtlas);
                if (exchange is null) judgedA = Judge(discriminatorA, a, () => PoolA.Exchange(With(fakeA, b)));
            });
        scope.Attach(fakeA, fakeB, termsA, termsB);
        if (exchange is not null)
        {
            var (pooledA, pooledB) = (Shared(PoolA, With(fakeA, b), exchange), Shared(PoolB, With(fakeB, a), exchange));
            lanes.Run(() => judgedA = Judge(discriminatorA, a, () => pooledA), () => judgedB = Judge(discriminatorB, b, () => pooledB));
        }
        scope.Attach(judgedA, judgedB);

        Descend(Generators, aToB, bToA);
        Descend(Discriminators, discriminatorA, discriminatorB);
        lanes.Run(
            () => ExponentialMovingAverage.Update(networks.AverageAToB, networks.AToB, plan.EmaDecay, step),
            () => ExponentialMovingAverage.Update(networks.AverageBToA, networks.BToA, plan.EmaDecay, step));
        var values = cat([termsA + termsB, judgedA, judgedB]).cpu().data<float>().ToArray();
        exchange?.Average(values);
        return new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["generator"] = values[0], ["cycle"] = values[2], ["identity"] = values[3], ["edges"] = values[4], ["atlas"] = values[5], ["adversarial"] = values[1],
            ["discriminatorA"] = values[6], ["discriminatorB"] = values[8], [TrainingWatch.DiscriminatorAccuracy] = (values[7] + values[9]) / 2,
        };
    }

    /// <summary>Adam's moments; owned by the optimisers.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Moments() => AdamMoments.Of(Generators, "generatorSteps").Concat(AdamMoments.Of(Discriminators, "discriminatorSteps"));

    /// <summary>The networks compute with the masters' weights as they are now; to be called after these were set from outside.</summary>
    public void Refresh()
    {
        foreach (var copy in new[] { aToB, bToA, discriminatorA, discriminatorB }) copy.Refresh();
    }

    // A step of the optimiser down the gradients; left out where a scaled one is too large for its type.
    private void Descend(Adam[] optimisers, WorkingCopy first, WorkingCopy second)
    {
        var finite = first.HandGradients(LossScale) & second.HandGradients(LossScale);
        exchange?.AverageGradients(first.Masters);
        exchange?.AverageGradients(second.Masters);
        finite = exchange is null || LossScale.IsOff ? finite : !exchange.Any(!finite);
        var step = LossScale.Update(finite);
        void Update(Adam optimiser, WorkingCopy copy)
        {
            if (step) optimiser.step();
            copy.Refresh();
        }
        lanes.Run(() => Update(optimisers[0], first), () => Update(optimisers[1], second));
    }

    // One direction's loss and its gradient in both generators. The translation, [N,1,H,W], and the loss with its terms, [6], are constants.
    private (Tensor Translation, Tensor Terms) Translate(Tensor source, Tensor target, WorkingCopy there, WorkingCopy back, WorkingCopy judge, Tensor? expected, double lambdaAtlas)
    {
        using var scope = NewDisposeScope();
        judge.SetTrainable(false);
        var n = source.shape[0];
        var identical = plan.LambdaIdentity > 0;
        var made = there.Call(identical ? cat([source, target]) : source); // [2N or N,1,H,W]
        var translation = made.narrow(0, 0, n); // [N,1,H,W]
        var shown = With(translation, source); // [N,C,H,W]
        var (realSource, realTarget) = (source.narrow(1, 0, 1), target.narrow(1, 0, 1));
        var off = zeros([], device: source.device);

        var adversarial = LeastSquaresLoss.Generator(judge.Call(shown));
        var cycle = CycleConsistencyLoss.Of(realSource, back.Call(shown));
        var identity = identical ? IdentityLoss.Of(realTarget, made.narrow(0, n, n)) : off;
        var edges = plan.LambdaEdges > 0 ? EdgeAlignmentLoss.Of(realSource, translation) : off;
        var atlas = expected is null ? off : OutlineAtlasLoss.Of(translation, expected);
        var sum = adversarial + plan.LambdaCycle * cycle + plan.LambdaIdentity * identity + plan.LambdaEdges * edges + lambdaAtlas * atlas;
        LossScale.Apply(sum).backward();
        return (translation.detach().MoveToOuterDisposeScope(), stack([sum, adversarial, cycle, identity, edges, atlas]).detach().MoveToOuterDisposeScope());
    }

    // a translation, [N,1,H,W], with the other channels of its source, [N,C,H,W]
    private Tensor With(Tensor translation, Tensor source) => plan.InputChannels == 1 ? translation : cat([translation, source.narrow(1, 1, plan.InputChannels - 1)], 1);

    // every process holds the whole pool and draws the same exchanges, over the translations of all
    private Tensor Shared(ImagePool pool, Tensor translated, GradientExchange processes) =>
        plan.PoolSize == 0 ? pool.Exchange(translated) : processes.Share(pool.Exchange(processes.Gather(translated)));

    // a discriminator's loss and the share of its decisions that are right, constants, [2]; and its gradient
    private Tensor Judge(WorkingCopy discriminator, Tensor real, Func<Tensor> translated)
    {
        using var scope = NewDisposeScope();
        discriminator.SetTrainable(true);
        discriminator.Clear();
        var judged = discriminator.Call(cat([real, translated()])); // [2N,1,h,w]
        var n = real.shape[0];
        var (onReal, onMade) = (judged.narrow(0, 0, n), judged.narrow(0, n, n));
        var loss = LeastSquaresLoss.Discriminator(onReal, onMade);
        LossScale.Apply(loss).backward();
        return stack([loss.detach(), TrainingWatch.RightDecisions(onReal, onMade, border: 0.5)]).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        lanes.Dispose();
        foreach (var copy in new[] { aToB, bToA, discriminatorA, discriminatorB }) copy.Dispose();
        foreach (var optimiser in Generators.Concat(Discriminators)) optimiser.Dispose();
        PoolA.Dispose();
        PoolB.Dispose();
    }
}
