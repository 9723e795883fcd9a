using System.Text.Json;
using System.Text.Json.Nodes;
using MedGan.Models.Losses;
using MedGan.Models.Losses.Adversarial;
using MedGan.Models.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedGan.Models.Training.SuperResolution;

/// <summary>
/// SRResNet and SRGAN (1609.04802), RRDB and ESRGAN (1809.00219) in training. The generator descends the content loss; in srgan and esrgan, after the pre-training,
/// lambdaContent L_content + lambdaFeature L_feature + lambdaAdversarial L_adversarial (1809.00219, equation 3), with the non-saturating game in srgan and the
/// relativistic average one (1809.00219, equations 1 and 2) in esrgan, and the discriminator descends its side of the game.
/// </summary>
public sealed class SuperResolutionMethod : ITrainingMethod
{
    private readonly SuperResolutionPlan plan;
    private readonly Device device;
    private readonly SuperResolutionPatches patches;
    private readonly SuperResolutionNetworks networks;
    private readonly WorkingCopy generator;
    private readonly WorkingCopy? discriminator;
    private readonly IAdversarialLoss game;
    private readonly Adam generatorAdam;
    private readonly Adam? discriminatorAdam;
    private readonly LossScale lossScale;
    private readonly Descent generatorDescent;
    private readonly Descent? discriminatorDescent;

    /// <param name="plan">Checked here.</param>
    /// <param name="images">Of the patients to train on only; Slices * ImageSize * ImageSize values in [-1, 1] each, fine.</param>
    /// <param name="featureFile">The weights of the feature network "squeezenet"; see <see cref="SqueezeNetMaps.Load"/>.</param>
    /// <exception cref="InvalidPlanException">The plan has errors; it names all of them.</exception>
    /// <exception cref="ArgumentException">There is no image, one is of another size, or the feature network's file is missing.</exception>
    /// <exception cref="InvalidDataException">The model to start from does not fit.</exception>
    public SuperResolutionMethod(SuperResolutionPlan plan, IReadOnlyList<TrainingImage> images, string? featureFile = null)
    {
        if (plan.Validate() is { Count: > 0 } errors) throw new InvalidPlanException(errors);
        PerceptualFeatures.CheckFile(plan.FeatureNetwork, featureFile);
        this.plan = plan;
        patches = new SuperResolutionPatches(plan, images);
        Fingerprint = patches.Fingerprint() + (plan.TransferFrom is { } start ? ModelTransfer.Fingerprint(start) : "");
        var features = plan.FeatureNetwork == "none" ? null
            : PerceptualFeatures.Of(plan.FeatureNetwork, featureFile, patches.MiddleSlices(), plan.ImageSize, plan.PatchSize, plan.Seed, plan.FeatureSteps);
        device = Compute.Prepare(plan.Device, plan.Threads);
        networks = new SuperResolutionNetworks(plan, features, device);
        if (plan.TransferFrom is { } folder)
            try
            {
                networks.StartFrom(folder, plan);
            }
            catch
            {
                networks.Dispose();
                throw;
            }
        var precision = Precision.Of(plan.Precision);
        generator = new WorkingCopy(networks.Generator, precision, () => SuperResolutionNetworks.MakeGenerator(plan), device);
        generatorAdam = optim.Adam(networks.Generator.parameters(), plan.LearningRate, 0.9, 0.999);
        lossScale = new LossScale(precision.InitialLossScale);
        generatorDescent = new Descent(generator, lossScale, plan.Accumulate, [generatorAdam]);
        if (networks.Discriminator is not null)
        {
            discriminator = new WorkingCopy(networks.Discriminator, precision, () => SuperResolutionNetworks.MakeDiscriminator(plan), device);
            discriminatorAdam = optim.Adam(networks.Discriminator.parameters(), plan.AdversarialRate, 0.9, 0.999);
            discriminatorDescent = new Descent(discriminator, lossScale, plan.Accumulate, [discriminatorAdam]);
        }
        game = plan.IsDense ? new RelativisticAverageLoss() : new NonSaturatingLoss();
    }

    public string Fingerprint { get; }

    public int ImagesPerStep => plan.BatchSize * plan.Accumulate;

    public IReadOnlyDictionary<string, double> TakeStep(long step, double share)
    {
        using var scope = NewDisposeScope();
        var adversarial = plan.IsAdversarial && share >= plan.PretrainShare;
        var report = new LossReport();
        var made = new List<(Tensor Fine, Tensor Image)>();

        generatorDescent.Begin(Rate(share, adversarial));
        discriminator?.SetTrainable(false);
        for (var i = 0; i < plan.Accumulate; i++)
        {
            using var micro = NewDisposeScope();
            var (coarse, fine) = patches.Next(plan.BatchSize, device); // [N,S,h,w], [N,1,H,W]
            var image = SuperResolutionNetworks.Image(plan, coarse, generator.Call(coarse)); // [N,1,H,W]
            generatorDescent.Add(GeneratorLoss(fine, image, adversarial, report));
            if (adversarial) made.Add((fine.MoveToOuterDisposeScope(), image.detach().MoveToOuterDisposeScope()));
        }
        generatorDescent.End();

        if (adversarial)
        {
            discriminator!.SetTrainable(true);
            discriminatorDescent!.Begin(Rate(share, adversarial));
            foreach (var (fine, image) in made)
            {
                using var micro = NewDisposeScope();
                var (onReal, onMade) = (discriminator.Call(fine), discriminator.Call(image)); // [N,1] each
                var loss = game.Discriminator(onReal, onMade);
                discriminatorDescent.Add(loss);
                report.Add("discriminator", loss);
                report.Add(TrainingWatch.DiscriminatorAccuracy, Accuracy(onReal, onMade));
            }
            discriminatorDescent.End();
        }
        ExponentialMovingAverage.Update(networks.Average, networks.Generator, plan.EmaDecay, step);
        return report.Means(plan.Accumulate);
    }

    public IReadOnlyDictionary<string, Tensor> Tensors()
    {
        var tensors = networks.Weights();
        foreach (var (name, moment) in AdamMoments.Of(generatorAdam, "generatorAdam")) tensors.Add(name, moment);
        if (discriminatorAdam is not null)
            foreach (var (name, moment) in AdamMoments.Of(discriminatorAdam, "discriminatorAdam")) tensors.Add(name, moment);
        return tensors;
    }

    public JsonObject Counters
    {
        get => JsonSerializer.SerializeToNode(new Counts(
            patches.Sampler.State, patches.Random.State, AdamMoments.Steps(generatorAdam), discriminatorAdam is null ? [] : AdamMoments.Steps(discriminatorAdam),
            lossScale.State.Value, lossScale.State.Steps))!.AsObject();
        set
        {
            var counts = value.Deserialize<Counts>() ?? throw new InvalidDataException("The counters are empty.");
            (patches.Sampler.State, patches.Random.State) = (counts.Sampler, counts.Random);
            AdamMoments.Restore(generatorAdam, counts.GeneratorSteps);
            if (discriminatorAdam is not null) AdamMoments.Restore(discriminatorAdam, counts.DiscriminatorSteps);
            lossScale.State = (counts.LossScale, counts.LossScaleSteps);
            generator.Refresh();
            discriminator?.Refresh();
        }
    }

    public IReadOnlyDictionary<string, Tensor> ExportedWeights() => networks.ExportedWeights();

    /// <summary>Rows of bicubic interpolation, the averaged generator's image and the truth.</summary>
    public SampleSheet Samples()
    {
        var size = plan.ImageSize;
        var (height, width) = (size / plan.Magnification.Rows, size / plan.Magnification.Columns);
        var shown = new List<float[]>();
        using var inference = inference_mode();
        foreach (var (coarse, fine) in patches.Spread(4))
        {
            using var scope = NewDisposeScope();
            var input = tensor(coarse, [1, plan.Slices, height, width], device: device);
            var detail = networks.Average.call(input);
            foreach (var image in (Tensor[])[zeros_like(detail), detail])
                shown.Add(SuperResolutionNetworks.Image(plan, input, image).clamp(-1, 1).cpu().data<float>().ToArray());
            shown.Add(fine);
        }
        return new SampleSheet(3, size, size, shown);
    }

    /// <summary>The root mean square error of the averaged generator's images, in [-1, 1] units, without noise.</summary>
    /// <param name="images">Fine, like those to train on.</param>
    public double Error(IReadOnlyList<TrainingImage> images)
    {
        using var inference = inference_mode();
        var sum = 0.0;
        foreach (var image in images)
        {
            using var scope = NewDisposeScope();
            var fine = tensor(image.Pixels, [1, plan.Slices, plan.ImageSize, plan.ImageSize]);
            var coarse = SuperResolutionNetworks.Coarse(plan, fine).to(device);
            var made = SuperResolutionNetworks.Image(plan, coarse, networks.Average.call(coarse)).clamp(-1, 1).cpu();
            sum += (made - fine.narrow(1, plan.Slices / 2, 1)).square().mean().ToDouble();
        }
        return Math.Sqrt(sum / images.Count);
    }

    public void Dispose()
    {
        generator.Dispose();
        discriminator?.Dispose();
        generatorAdam.Dispose();
        discriminatorAdam?.Dispose();
        networks.Dispose();
    }

    private Tensor GeneratorLoss(Tensor fine, Tensor image, bool adversarial, LossReport report)
    {
        Tensor Reported(string name, Tensor value)
        {
            report.Add(name, value);
            return value;
        }
        var total = Reported("content", ContentLoss.Of(plan.ContentLoss, fine, image));
        if (adversarial)
        {
            total = plan.LambdaContent * total + plan.LambdaAdversarial * Reported("adversarial", game.Generator(game.IsRelativistic ? discriminator!.Call(fine) : fine, discriminator!.Call(image)));
            if (networks.Features is { } features) total += plan.LambdaFeature * Reported("feature", FeatureLoss.Of(features, fine, image));
        }
        return Reported("generator", total);
    }

    // each phase: constant for its first half, then down to 0; the pre-training of a game stays constant
    private double Rate(double share, bool adversarial) =>
        adversarial ? plan.AdversarialRate * LearningRateSchedule.Factor((share - plan.PretrainShare) / (1 - plan.PretrainShare))
        : plan.LearningRate * (plan.IsAdversarial ? 1 : LearningRateSchedule.Factor(share));

    // the share of right decisions; in a relativistic game each is about an image beside the mean of the other kind
    private Tensor Accuracy(Tensor real, Tensor made)
    {
        var (least, most) = game.IsRelativistic ? (made.mean(), real.mean()) : (zeros_like(real), zeros_like(made));
        return ((real > least).to(ScalarType.Float32).mean() + (made < most).to(ScalarType.Float32).mean()) / 2;
    }

    private sealed record Counts(SamplerState Sampler, ulong[] Random, long[] GeneratorSteps, long[] DiscriminatorSteps, double LossScale, int LossScaleSteps);
}
