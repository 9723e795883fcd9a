using System.Numerics;
using MedGan.Models.Losses.Adversarial;

namespace MedGan.Models.Training;

/// <summary>Ranges of a class-conditional plan's fields, and combinations that make no sense, each by name.</summary>
internal static class ClassConditionalChecks
{
    public static void Add(ClassConditionalPlan plan, PlanChecks checks)
    {
        checks.OneOf(plan.Method, ConditionalSettings.Methods.Keys, "method");
        checks.Require(plan.Classes is not null, "classes must be given.");
        if (!ConditionalSettings.Methods.ContainsKey(plan.Method) || plan.Classes is null) return;
        var settings = plan.Settings;
        Sizes(plan, checks);
        Optimisation(plan, settings, checks);
        Regularisation(settings, checks);
        Augmentation(plan, settings, checks);
        Combinations(plan, settings, checks);
        OfMethod(plan, settings, checks);
    }

    private static void Sizes(ClassConditionalPlan plan, PlanChecks checks)
    {
        checks.Require(plan.ImageSize is >= 16 and <= 512 && BitOperations.IsPow2(plan.ImageSize), $"imageSize must be 16, 32, 64, 128, 256 or 512, not {plan.ImageSize}.");
        checks.Whole(plan.Classes.Count, 1, 100, "the number of classes");
        checks.Require(plan.Classes.Distinct().Count() == plan.Classes.Count && plan.Classes.All(name => !string.IsNullOrWhiteSpace(name)), "classes must be different names, none of them empty.");
        checks.Whole(plan.Channels, 1, 9, "channels");
        checks.Whole(plan.LatentDimensions, 8, 1024, "latentDimensions");
        checks.Whole(plan.GeneratorWidth, 4, 256, "generatorWidth");
        checks.Whole(plan.DiscriminatorWidth, 4, 256, "discriminatorWidth");
        checks.Whole(plan.WidestLayer, 4, 2048, "widestLayer");
        checks.Require(plan.WidestLayer >= Math.Max(plan.GeneratorWidth, plan.DiscriminatorWidth), "widestLayer must be at least generatorWidth and discriminatorWidth.");
        checks.Require(plan.Precision == "fp32", $"precision must be fp32 for {plan.Method}, not {plan.Precision}: second derivatives and demodulation need it.");
        checks.Real(plan.ClassBalance, 0, 1, "classBalance");
        checks.OneOf(plan.GeneratedClasses, ["as-real", "uniform"], "generatedClasses");
        checks.Real(plan.EmaDecay, 0, 0.99999, "emaDecay");
        checks.Real(plan.EmaHalfLifeImages ?? 1, 1, 1e9, "emaHalfLifeImages");
        checks.Require(plan.EmaRampUp is > 0 and <= 1, $"emaRampUp must be above 0 and at most 1, not {plan.EmaRampUp}.");
        checks.Whole(plan.FrozenStages, 0, 8, "frozenStages");
        checks.Require(plan.FrozenStages == 0 || plan.TransferFrom is not null, "frozenStages needs transferFrom: random weights are not to be kept.");
    }

    private static void Optimisation(ClassConditionalPlan plan, ConditionalSettings settings, PlanChecks checks)
    {
        checks.OneOf(settings.Loss, AdversarialLosses.Names, "loss");
        checks.Require(settings.LearningRate is > 0 and <= 0.1, $"learningRate must be above 0 and at most 0.1, not {settings.LearningRate}.");
        checks.Require(settings.DiscriminatorRateFactor is > 0 and <= 10, $"discriminatorRateFactor must be above 0 and at most 10, not {settings.DiscriminatorRateFactor}.");
        checks.Real(settings.Beta1, 0, 0.999, "beta1");
        checks.Real(settings.Beta2, 0, 0.99999, "beta2");
        checks.Whole(settings.DiscriminatorSteps, 1, 10, "discriminatorSteps");
        checks.OneOf(settings.Decline, ["cosine", "linear"], "decline");
        checks.Require(settings.ScheduleShare is > 0 and <= 1, $"scheduleShare must be above 0 and at most 1, not {settings.ScheduleShare}.");
        checks.Real(settings.LearningRateFinal, 0, 1, "learningRateFinal");
        checks.Real(settings.GammaFinal, 0, 1, "gammaFinal");
        checks.Real(settings.Beta2Final ?? 0, 0, 0.99999, "beta2Final");
        checks.Require(plan.BatchSize >= 2, $"batchSize must be at least 2 for {plan.Method}.");
    }

    private static void Regularisation(ConditionalSettings settings, PlanChecks checks)
    {
        checks.Real(settings.R1Gamma, 0, 1000, "r1Gamma");
        checks.Real(settings.R2Gamma, 0, 1000, "r2Gamma");
        checks.Whole(settings.R1Interval, 1, 64, "r1Interval");
        checks.Real(settings.GradientPenalty, 0, 1000, "lambdaGradientPenalty");
        checks.Real(settings.WeightClip, 0, 1, "weightClip");
        checks.Real(settings.Orthogonal, 0, 1, "lambdaOrthogonal");
        checks.Real(settings.PathLength, 0, 1000, "lambdaPathLength");
        checks.Real(settings.FeatureMatching, 0, 1000, "lambdaFeatureMatching");
        checks.Real(settings.Consistency, 0, 1000, "lambdaConsistency");
        checks.Real(settings.LeCam, 0, 100, "lambdaLeCam");
        checks.Real(settings.StyleMixing, 0, 1, "styleMixing");
        checks.OneOf(settings.Normalisation, ["none", "batch", "spectral"], "discriminatorNormalisation");
    }

    private static void Augmentation(ClassConditionalPlan plan, ConditionalSettings settings, PlanChecks checks)
    {
        checks.OneOf(settings.Augmentation, ["none", "diffaugment", "ada"], "augmentation");
        checks.Real(plan.AdaTarget, 0, 1, "adaTarget");
        checks.Real(plan.AdaImages, 1, 1e9, "adaImages");
        checks.Real(plan.AugmentShift, 0, 0.5, "augmentShift");
        checks.Real(plan.AugmentRotationDegrees, 0, 45, "augmentRotationDegrees");
        checks.Real(plan.AugmentScale, 0, 0.5, "augmentScale");
        checks.Real(plan.AugmentIntensity, 0, 0.5, "augmentIntensity");
        checks.Real(plan.AugmentCutout, 0, 0.75, "augmentCutout");
        var none = ConditionalNetworks.Augmentation(plan).IsNone;
        checks.Require(!none || settings.Augmentation == "none", $"augmentation {settings.Augmentation} has nothing to change: all of augmentShift, augmentRotationDegrees, augmentScale, augmentIntensity and augmentCutout are 0.");
        checks.Require(!none || settings.Consistency == 0, "lambdaConsistency has nothing to be consistent under: all of augmentShift, augmentRotationDegrees, augmentScale, augmentIntensity and augmentCutout are 0.");
    }

    private static void Combinations(ClassConditionalPlan plan, ConditionalSettings settings, PlanChecks checks)
    {
        var penalised = settings.R1Gamma > 0 || settings.R2Gamma > 0;
        var (wasserstein, spectral, relativistic) = (settings.Loss == "wasserstein", settings.Normalisation == "spectral", settings.Loss.StartsWith("relativistic", StringComparison.Ordinal));
        checks.Require(settings.GradientPenalty == 0 || settings.WeightClip == 0, "lambdaGradientPenalty and weightClip both hold the discriminator's slope: use one of them.");
        checks.Require(settings.GradientPenalty == 0 || !penalised, "lambdaGradientPenalty pulls the discriminator's slope to 1, r1Gamma and r2Gamma to 0: use one kind.");
        checks.Require(settings.WeightClip == 0 || !penalised, "weightClip and r1Gamma or r2Gamma both hold the discriminator's slope: use one of them.");
        checks.Require(settings.WeightClip == 0 || !spectral, "weightClip makes no difference under spectral normalisation, which divides by the weights' size: set one of them off.");
        checks.Require(settings.WeightClip == 0 || wasserstein, $"weightClip belongs to loss wasserstein, not to {settings.Loss}.");
        checks.Require(settings.GradientPenalty == 0 || wasserstein, $"lambdaGradientPenalty, which wants a slope of 1, belongs to loss wasserstein, not to {settings.Loss}; use r1Gamma.");
        checks.Require(!wasserstein || settings.GradientPenalty > 0 || settings.WeightClip > 0 || spectral, "loss wasserstein needs lambdaGradientPenalty, weightClip or discriminatorNormalisation spectral: without a bound the discriminator's scores have no limit.");
        checks.Require(settings.Normalisation != "batch" || (settings.GradientPenalty == 0 && !penalised), "discriminatorNormalisation batch makes an image's score depend on the whole batch, so its gradient by one image (lambdaGradientPenalty, r1Gamma, r2Gamma) has no meaning: set it to none or spectral.");
        checks.Require(settings.Normalisation != "batch" || settings.Consistency == 0, "discriminatorNormalisation batch makes an image's score depend on the whole batch: lambdaConsistency needs none or spectral.");
        checks.Require(settings.GradientPenalty == 0 || !settings.MinibatchDeviation, "minibatchDeviation makes an image's score depend on the whole batch: lambdaGradientPenalty needs it off.");
        checks.Require(!relativistic || plan.GeneratedClasses == "as-real", $"loss {settings.Loss} compares a generated image with a real one, which must be of the same class: generatedClasses must be as-real, not {plan.GeneratedClasses}.");
        checks.Require(settings.LeCam == 0 || !relativistic, $"lambdaLeCam holds scores at a level, and loss {settings.Loss} has none: only differences count.");
        checks.Require(settings.LeCam == 0 || !wasserstein, "lambdaLeCam holds scores at a level, and loss wasserstein has none: only differences count.");
        checks.Require(settings.Augmentation != "ada" || !(relativistic || wasserstein), $"augmentation ada reads the sign of the discriminator's scores, and loss {settings.Loss} gives it no meaning: use diffaugment.");
    }

    private static void OfMethod(ClassConditionalPlan plan, ConditionalSettings settings, PlanChecks checks)
    {
        var (style, deep) = (plan.Method == "stylegan2-ada", plan.Method is "sagan" or "biggan");
        checks.Require(style || settings.PathLength == 0, $"lambdaPathLength needs styles: {plan.Method} has none.");
        checks.Require(style || settings.StyleMixing == 0, $"styleMixing needs styles: {plan.Method} has none.");
        checks.Require(style || !settings.MinibatchDeviation, $"minibatchDeviation is stylegan2-ada's: {plan.Method}'s discriminator has none.");
        checks.Require(settings.Normalisation != "batch" || plan.Method == "dcgan", $"discriminatorNormalisation batch is dcgan's, not {plan.Method}'s.");
        checks.Require(settings.Normalisation != "spectral" || plan.Method is not ("stylegan2-ada" or "r3gan"), $"discriminatorNormalisation spectral would undo {plan.Method}'s own scaling of weights: set it to none.");
        checks.Whole(plan.MappingDepth, 1, 8, "mappingDepth");
        checks.Whole(plan.BlocksPerStage, 1, 4, "blocksPerStage");
        if (plan.Method == "r3gan")
            foreach (var (width, name) in new[] { (plan.GeneratorWidth, "generatorWidth"), (plan.DiscriminatorWidth, "discriminatorWidth"), (plan.WidestLayer, "widestLayer") })
                checks.Require(width % 8 == 0, $"{name} must be a multiple of 8 for r3gan, whose convolutions are in groups of 16 of twice as many channels, not {width}.");
        var resolutions = BitOperations.Log2((uint)Math.Max(4, plan.ImageSize)) - 1;
        checks.Require(plan.Method != "biggan" || plan.LatentDimensions % resolutions == 0, $"latentDimensions must be a multiple of {resolutions} for biggan at {plan.ImageSize} pixels, not {plan.LatentDimensions}.");
        checks.Require(!deep || plan.AttentionResolution == 0 || (plan.AttentionResolution >= 8 && plan.AttentionResolution <= plan.ImageSize / 2 && BitOperations.IsPow2(plan.AttentionResolution)),
            $"attentionResolution must be 0 or a power of 2 from 8 to half of imageSize, not {plan.AttentionResolution}.");
        checks.Require(!deep || plan.AttentionResolution == 0 || Math.Min(plan.GeneratorWidth, plan.DiscriminatorWidth) * 2 >= 8, "self-attention needs at least 8 channels.");
    }
}
