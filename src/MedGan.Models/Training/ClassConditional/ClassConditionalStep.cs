using MedGan.Models.Losses.Adversarial;
using MedGan.Models.Networks.Conditional;
using MedGan.Models.Regularizers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>
/// One step of a class-conditional game. The discriminator sees real and generated images alike augmented, and R1, R2 and the gradient penalty are taken at what it sees.
/// </summary>
internal sealed class ClassConditionalStep : IDisposable
{
    private const int PathLengthInterval = 4;

    private readonly ClassConditionalPlan plan;
    private readonly ConditionalSettings settings;
    private readonly ConditionalNetworks networks;
    private readonly ClassBatches batches;
    private readonly IAdversarialLoss loss;
    private readonly DifferentiableAugmentation augmentation;
    private readonly Device device;

    public ClassConditionalStep(ClassConditionalPlan plan, ConditionalNetworks networks, ClassBatches batches, Device device)
    {
        (this.plan, this.networks, this.batches, this.device, settings) = (plan, networks, batches, device, plan.Settings);
        loss = AdversarialLosses.Named(settings.Loss);
        augmentation = ConditionalNetworks.Augmentation(plan);
        Pass = new GeneratorPass(networks.G, plan, device);
        Adaptive = new AdaptiveProbability(plan.AdaTarget, plan.AdaImages);
        AugmentationRandom = new SeededRandom(plan.Seed, stream: 32);
        PathLength = new PathLengthPenalty(device);
        LeCam = new LeCamPenalty(0.99, device);
        DiscriminatorAdam = optim.Adam(Trained());
        GeneratorAdam = optim.Adam(networks.G.parameters());
    }

    public GeneratorPass Pass { get; }
    public AdaptiveProbability Adaptive { get; }
    public SeededRandom AugmentationRandom { get; }
    public PathLengthPenalty PathLength { get; }
    public LeCamPenalty LeCam { get; }
    public Adam GeneratorAdam { get; }
    public Adam DiscriminatorAdam { get; }

    private int DiscriminatorInterval => Penalised ? settings.R1Interval : 1;
    private int GeneratorInterval => settings.PathLength > 0 ? PathLengthInterval : 1;
    private bool Penalised => settings.R1Gamma > 0 || settings.R2Gamma > 0;

    /// <summary>p of the augmentation now.</summary>
    private double Probability => settings.Augmentation switch { "diffaugment" => 1, "ada" => Adaptive.Value, _ => 0 };

    /// <param name="step">Steps taken before this one.</param>
    /// <param name="share">The used share of the budget, 0 .. 1.</param>
    public SortedDictionary<string, double> Take(long step, double share)
    {
        var schedule = new ConditionalSchedule(settings, share);
        Follow(schedule, DiscriminatorAdam, settings.LearningRate * settings.DiscriminatorRateFactor, DiscriminatorInterval);
        Follow(schedule, GeneratorAdam, settings.LearningRate, GeneratorInterval);
        using var scope = NewDisposeScope();
        var report = new SortedDictionary<string, double>(StringComparer.Ordinal);
        var (real, y) = (zeros(0), zeros(0));
        SetTrainable(discriminator: true);
        for (var i = 0; i < settings.DiscriminatorSteps; i++)
        {
            (real, y) = batches.Next(plan.BatchSize, device);
            DiscriminatorStep(real, y, step * settings.DiscriminatorSteps + i, schedule.GammaFactor, report);
        }
        SetTrainable(discriminator: false);
        GeneratorStep(real, y, step, report);
        if (plan.EmaHalfLifeImages is { } halfLife)
            ExponentialMovingAverage.Update(networks.Average, networks.G, ExponentialMovingAverage.Decay(halfLife, plan.EmaRampUp, plan.BatchSize, (double)step * plan.BatchSize));
        else ExponentialMovingAverage.Update(networks.Average, networks.G, plan.EmaDecay, step);
        report["augmentationProbability"] = Probability;
        return report;
    }

    private void DiscriminatorStep(Tensor x, Tensor y, long step, double gammaFactor, SortedDictionary<string, double> report)
    {
        using var scope = NewDisposeScope();
        var ofFake = Pass.Classes(y);
        Tensor generated;
        using (no_grad()) generated = Pass.Images(ofFake);
        var penalised = Penalised && step % settings.R1Interval == 0;
        var (real, fake) = (Shown(x).detach(), Shown(generated).detach());
        if (penalised && settings.R1Gamma > 0) real.requires_grad_(true);
        if (penalised && settings.R2Gamma > 0) fake.requires_grad_(true);
        var (realScores, fakeScores) = (networks.D.call(real, y), networks.D.call(fake, ofFake)); // [N]

        var sum = loss.Discriminator(realScores, fakeScores);
        report["discriminator"] = sum.item<float>();
        Tensor Report(string name, Tensor term)
        {
            report[name] = term.item<float>();
            return term;
        }
        if (penalised && settings.R1Gamma > 0) sum += Report("r1", GradientNormPenalty.Of(realScores, real)) * (gammaFactor * settings.R1Gamma * settings.R1Interval);
        if (penalised && settings.R2Gamma > 0) sum += Report("r2", GradientNormPenalty.Of(fakeScores, fake)) * (gammaFactor * settings.R2Gamma * settings.R1Interval);
        if (settings.GradientPenalty > 0)
        {
            var mix = SeededTensors.Uniform([x.shape[0]], Pass.Latents, device);
            sum += Report("gradientPenalty", WassersteinGradientPenalty.Of(u => networks.D.call(u, y), real, fake, mix)) * settings.GradientPenalty;
        }
        if (settings.LeCam > 0) sum += Report("leCam", LeCam.Of(realScores, fakeScores)) * settings.LeCam;
        if (settings.Consistency > 0)
        {
            var (changedReal, changedFake) = (augmentation.Apply(real, 1, AugmentationRandom), augmentation.Apply(fake, 1, AugmentationRandom));
            var consistency = ConsistencyPenalty.Of(realScores, networks.D.call(changedReal, y)) + ConsistencyPenalty.Of(fakeScores, networks.D.call(changedFake, ofFake));
            sum += Report("consistency", consistency) * settings.Consistency;
        }
        Descend(sum, DiscriminatorAdam);
        if (settings.WeightClip > 0) WeightClipping.Apply(networks.D, settings.WeightClip);

        var scores = realScores.detach().cpu().data<float>().ToArray();
        report["realScore"] = scores.Average();
        report["fakeScore"] = fakeScores.mean().item<float>();
        if (settings.Augmentation == "ada") Adaptive.Observe(scores);
    }

    private void GeneratorStep(Tensor x, Tensor y, long step, SortedDictionary<string, double> report)
    {
        using var scope = NewDisposeScope();
        var ofFake = Pass.Classes(y);
        var features = networks.D.Features(Shown(Pass.Images(ofFake))); // [N,F]
        var scores = networks.D.Score(features, ofFake); // [N]
        var (realFeatures, realScores) = (features, scores);
        if (loss.IsRelativistic || settings.FeatureMatching > 0)
            using (no_grad())
            {
                realFeatures = networks.D.Features(Shown(x));
                realScores = networks.D.Score(realFeatures, y);
            }
        var sum = loss.Generator(realScores, scores);
        report["generator"] = sum.item<float>();
        if (settings.FeatureMatching > 0) sum += FeatureMatchingLoss.Of(realFeatures, features) * settings.FeatureMatching;
        if (settings.Orthogonal > 0) sum += OrthogonalPenalty.Of(networks.G) * settings.Orthogonal;
        if (settings.PathLength > 0 && step % PathLengthInterval == 0)
        {
            var styles = Pass.Styles(ofFake.narrow(0, 0, Math.Max(1, y.shape[0] / 2))); // half a batch, as in the paper
            var images = ((StyleGan2Generator)networks.G).Synthesise(styles);
            var penalty = PathLength.Of(images, styles, Pass.Like(images));
            report["pathLength"] = penalty.item<float>();
            sum += penalty * (settings.PathLength * PathLengthInterval);
        }
        Descend(sum, GeneratorAdam);
    }

    // what the discriminator sees, [N,C,H,W]
    private Tensor Shown(Tensor images) => settings.Augmentation == "none" ? images : augmentation.Apply(images, Probability, AugmentationRandom);

    private static void Descend(Tensor sum, Adam optimiser)
    {
        optimiser.zero_grad();
        sum.backward();
        optimiser.step();
    }

    private void SetTrainable(bool discriminator)
    {
        CycleGanNetworks.SetTrainable(!discriminator, networks.G);
        foreach (var (name, parameter) in networks.D.named_parameters()) parameter.requires_grad = discriminator && !IsFrozen(name);
    }

    private IEnumerable<Parameter> Trained() => networks.D.named_parameters().Where(p => !IsFrozen(p.name)).Select(p => p.parameter);

    private bool IsFrozen(string name) => Enumerable.Range(0, plan.FrozenStages).Any(i => name.StartsWith($"stages.{i}.", StringComparison.Ordinal));

    // a regulariser every k-th step makes k / (k + 1) of the steps that Adam would take (1912.04958, appendix B)
    private void Follow(ConditionalSchedule schedule, Adam optimiser, double rate, int interval)
    {
        var c = interval > 1 ? interval / (interval + 1.0) : 1;
        foreach (var group in optimiser.ParamGroups) group.LearningRate = rate * c * schedule.RateFactor;
        optimiser.Betas = (Math.Pow(settings.Beta1, c), Math.Pow(schedule.Beta2, c));
    }

    public void Dispose()
    {
        GeneratorAdam.Dispose();
        DiscriminatorAdam.Dispose();
        PathLength.Dispose();
        LeCam.Dispose();
    }
}
