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
        Generators = optim.Adam(networks.AToB.parameters().Concat(networks.BToA.parameters()), plan.LearningRate, plan.Beta1, 0.999);
        Discriminators = optim.Adam(networks.DiscriminatorA.parameters().Concat(networks.DiscriminatorB.parameters()), plan.LearningRate, plan.Beta1, 0.999);
        var precision = Precision.Of(plan.Precision);
        WorkingCopy Generator(ResNetGenerator master) => new(master, precision, () => CycleGanNetworks.Generator(plan), device);
        WorkingCopy Discriminator(PatchDiscriminator master) => new(master, precision, () => CycleGanNetworks.Discriminator(plan), device);
        (aToB, bToA) = (Generator(networks.AToB), Generator(networks.BToA));
        (discriminatorA, discriminatorB) = (Discriminator(networks.DiscriminatorA), Discriminator(networks.DiscriminatorB));
        LossScale = new LossScale(precision.InitialLossScale);
        PoolA = new ImagePool(plan.PoolSize, plan.InputChannels, plan.ImageSize, new SeededRandom(plan.Seed, stream: 3), device);
        PoolB = new ImagePool(plan.PoolSize, plan.InputChannels, plan.ImageSize, new SeededRandom(plan.Seed, stream: 4), device);
    }

    public Adam Generators { get; }
    public Adam Discriminators { get; }
    public LossScale LossScale { get; }
    public ImagePool PoolA { get; }
    public ImagePool PoolB { get; }

    /// <param name="a">[N,C,H,W] of A: the image and, where the plan has it, its outline's depth, which every image made from it keeps.</param>
    /// <param name="b">[N,C,H,W] of B.</param>
    /// <param name="step">Steps taken before this one.</param>
    /// <param name="share">The used share of the budget, 0 .. 1.</param>
    public StepLosses Take(Tensor a, Tensor b, long step, double share)
    {
        using var scope = NewDisposeScope();
        var rateFactor = LearningRateSchedule.Factor(share);
        foreach (var group in Generators.ParamGroups) group.LearningRate = plan.LearningRate * rateFactor;
        foreach (var group in Discriminators.ParamGroups) group.LearningRate = plan.LearningRate * plan.DiscriminatorRateFactor * rateFactor;

        foreach (var judge in new[] { discriminatorA, discriminatorB }) judge.SetTrainable(false);
        var lambdaAtlas = Math.Max(plan.LambdaAtlasFinal, plan.LambdaAtlas * (1 - 2 * share));
        var expected = outlines is null || lambdaAtlas == 0 ? (null, null) : ((Tensor?)outlines.AToB(a), (Tensor?)outlines.BToA(b));
        foreach (var copy in new[] { aToB, bToA }) copy.Clear();
        Tensor fakeA = null!, fakeB = null!, termsA = null!, termsB = null!;
        lanes.Run(
            () => (fakeB, termsB) = Translate(a, b, aToB, bToA, discriminatorB, expected.Item1, lambdaAtlas),
            () => (fakeA, termsA) = Translate(b, a, bToA, aToB, discriminatorA, expected.Item2, lambdaAtlas));
        scope.Attach(fakeA, fakeB, termsA, termsB);
        Descend(Generators, aToB, bToA);

        foreach (var judge in new[] { discriminatorA, discriminatorB }) judge.SetTrainable(true);
        var (pooledA, pooledB) = (Pooled(PoolA, With(fakeA, b)), Pooled(PoolB, With(fakeB, a)));
        foreach (var copy in new[] { discriminatorA, discriminatorB }) copy.Clear();
        Tensor lossA = null!, lossB = null!;
        lanes.Run(() => lossA = Judge(discriminatorA, a, pooledA), () => lossB = Judge(discriminatorB, b, pooledB));
        scope.Attach(lossA, lossB);
        Descend(Discriminators, discriminatorA, discriminatorB);

        lanes.Run(
            () => ExponentialMovingAverage.Update(networks.AverageAToB, networks.AToB, plan.EmaDecay, step),
            () => ExponentialMovingAverage.Update(networks.AverageBToA, networks.BToA, plan.EmaDecay, step));
        var values = cat([termsA + termsB, stack([lossA, lossB])]).cpu().data<float>().ToArray();
        exchange?.Average(values);
        return new StepLosses(step + 1, values[0], values[6], values[7], values[1], values[2], values[3], values[4], values[5]);
    }

    /// <summary>The networks compute with the masters' weights as they are now; to be called after these were set from outside.</summary>
    public void Refresh()
    {
        foreach (var copy in new[] { aToB, bToA, discriminatorA, discriminatorB }) copy.Refresh();
    }

    // A step of the optimiser down the gradients; left out where a scaled one is too large for its type.
    private void Descend(Adam optimiser, params WorkingCopy[] copies)
    {
        var finite = true;
        foreach (var copy in copies)
        {
            finite &= copy.HandGradients(LossScale);
            exchange?.AverageGradients(copy.Masters);
        }
        finite = exchange is null || LossScale.IsOff ? finite : !exchange.Any(!finite);
        if (LossScale.Update(finite)) optimiser.step();
        lanes.Run(copies[0].Refresh, copies[1].Refresh);
    }

    // One direction's loss and its gradient in both generators. The translation, [N,1,H,W], and the loss with its terms, [6], are constants.
    private (Tensor Translation, Tensor Terms) Translate(Tensor source, Tensor target, WorkingCopy there, WorkingCopy back, WorkingCopy judge, Tensor? expected, double lambdaAtlas)
    {
        using var scope = NewDisposeScope();
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
    private Tensor Pooled(ImagePool pool, Tensor translated) =>
        exchange is null || plan.PoolSize == 0 ? pool.Exchange(translated) : exchange.Share(pool.Exchange(exchange.Gather(translated)));

    // a discriminator's loss, a constant, and its gradient
    private Tensor Judge(WorkingCopy discriminator, Tensor real, Tensor translated)
    {
        using var scope = NewDisposeScope();
        var judged = discriminator.Call(cat([real, translated])); // [2N,1,h,w]
        var n = real.shape[0];
        var loss = LeastSquaresLoss.Discriminator(judged.narrow(0, 0, n), judged.narrow(0, n, n));
        LossScale.Apply(loss).backward();
        return loss.detach().MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        lanes.Dispose();
        foreach (var copy in new[] { aToB, bToA, discriminatorA, discriminatorB }) copy.Dispose();
        Generators.Dispose();
        Discriminators.Dispose();
        PoolA.Dispose();
        PoolB.Dispose();
    }
}
