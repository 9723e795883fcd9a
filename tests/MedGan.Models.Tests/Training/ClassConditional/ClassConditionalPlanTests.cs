using MedGan.Models.Training;

namespace MedGan.Models.Tests.Training.ClassConditional;

public class ClassConditionalPlanTests
{
    public static TheoryData<string> Methods => [.. ConditionalSettings.Methods.Keys];

    [Theory]
    [MemberData(nameof(Methods))]
    public void MethodAsItsPaperHasIt_IsAPlanThatCanBeRun_AndReadBack(string method)
    {
        var plan = TinyClasses.Plan(method);
        Assert.Empty(plan.Validate());
        var read = Assert.IsType<ClassConditionalPlan>(TrainingPlan.FromJson(plan.ToJson()));
        Assert.Equal(plan.ToJson(), read.ToJson());
        Assert.Equal(plan.Settings, read.Settings);
    }

    private static readonly Dictionary<string, (Func<string, ClassConditionalPlan> Plan, string Method, string Error)> Refused = new()
    {
        ["penalty and clipping"] = (m => TinyClasses.Plan(m) with { WeightClip = 0.01 }, "wgan-gp", "lambdaGradientPenalty and weightClip both hold"),
        ["penalty and hinge"] = (m => TinyClasses.Plan(m) with { Loss = "hinge" }, "wgan-gp", "belongs to loss wasserstein, not to hinge"),
        ["clipping and hinge"] = (m => TinyClasses.Plan(m) with { WeightClip = 0.01, DiscriminatorNormalisation = "none" }, "sagan", "weightClip belongs to loss wasserstein"),
        ["clipping and spectral"] = (m => TinyClasses.Plan(m) with { Loss = "wasserstein", WeightClip = 0.01 }, "sagan", "weightClip makes no difference under spectral"),
        ["two slopes"] = (m => TinyClasses.Plan(m) with { R1Gamma = 1 }, "wgan-gp", "use one kind"),
        ["wasserstein without a bound"] = (m => TinyClasses.Plan(m) with { LambdaGradientPenalty = 0 }, "wgan-gp", "without a bound"),
        ["R1 under batch normalisation"] = (m => TinyClasses.Plan(m) with { R1Gamma = 1 }, "dcgan", "has no meaning"),
        ["consistency under batch normalisation"] = (m => TinyClasses.Plan(m) with { LambdaConsistency = 1 }, "dcgan", "lambdaConsistency needs none or spectral"),
        ["unpaired relativistic"] = (m => TinyClasses.Plan(m) with { GeneratedClasses = "uniform" }, "r3gan", "must be of the same class"),
        ["LeCam and relativistic"] = (m => TinyClasses.Plan(m) with { LambdaLeCam = 0.1 }, "r3gan", "only differences count"),
        ["ada without a level"] = (m => TinyClasses.Plan(m) with { Augmentation = "ada" }, "r3gan", "gives it no meaning"),
        ["path length without styles"] = (m => TinyClasses.Plan(m) with { LambdaPathLength = 2 }, "dcgan", "dcgan has none"),
        ["style mixing without styles"] = (m => TinyClasses.Plan(m) with { StyleMixing = 0.5 }, "biggan", "biggan has none"),
        ["batch normalisation elsewhere"] = (m => TinyClasses.Plan(m) with { DiscriminatorNormalisation = "batch" }, "sagan", "is dcgan's, not sagan's"),
        ["spectral r3gan"] = (m => TinyClasses.Plan(m) with { DiscriminatorNormalisation = "spectral" }, "r3gan", "would undo r3gan's"),
        ["augmentation of nothing"] = (m => TinyClasses.Plan(m) with { Augmentation = "diffaugment", AugmentShift = 0, AugmentRotationDegrees = 0, AugmentScale = 0, AugmentIntensity = 0, AugmentCutout = 0 }, "dcgan", "has nothing to change"),
        ["decline"] = (m => TinyClasses.Plan(m) with { Decline = "steps" }, "r3gan", "decline"),
        ["schedule of no length"] = (m => TinyClasses.Plan(m) with { ScheduleShare = 0 }, "r3gan", "scheduleShare must be above 0"),
        ["rising rate"] = (m => TinyClasses.Plan(m) with { LearningRateFinal = 2 }, "dcgan", "learningRateFinal"),
        ["rising gamma"] = (m => TinyClasses.Plan(m) with { GammaFinal = 2 }, "r3gan", "gammaFinal"),
        ["half-life"] = (m => TinyClasses.Plan(m) with { EmaHalfLifeImages = 0 }, "r3gan", "emaHalfLifeImages"),
        ["frozen random weights"] = (m => TinyClasses.Plan(m) with { FrozenStages = 2 }, "dcgan", "frozenStages needs transferFrom"),
        ["size"] = (m => TinyClasses.Plan(m) with { ImageSize = 48 }, "dcgan", "imageSize must be 16, 32, 64"),
        ["one class twice"] = (m => TinyClasses.Plan(m) with { Classes = ["a", "a"] }, "dcgan", "classes must be different names"),
        ["pieces of the latent"] = (m => TinyClasses.Plan(m) with { LatentDimensions = 16 }, "biggan", "multiple of 3"),
        ["attention"] = (m => TinyClasses.Plan(m) with { AttentionResolution = 16 }, "sagan", "attentionResolution must be 0 or"),
        ["groups"] = (m => TinyClasses.Plan(m) with { GeneratorWidth = 12 }, "r3gan", "multiple of 8 for r3gan"),
        ["loss"] = (m => TinyClasses.Plan(m) with { Loss = "hing" }, "dcgan", "loss must be one of hinge, least-squares"),
        ["precision"] = (m => TinyClasses.Plan(m) with { Precision = "bf16" }, "dcgan", "precision must be fp32 for dcgan"),
    };

    public static TheoryData<string> RefusedNames => [.. Refused.Keys];

    [Theory]
    [MemberData(nameof(RefusedNames))]
    public void CombinationThatMakesNoSense_IsRefusedByName(string name)
    {
        var (plan, method, error) = Refused[name];
        Assert.Contains(plan(method).Validate(), e => e.Contains(error, StringComparison.Ordinal));
    }

    [Fact]
    public void AllErrors_AreReportedAtOnce()
    {
        var plan = TinyClasses.Plan("wgan-gp") with { Loss = "hinge", WeightClip = 0.01, BatchSize = 1, ImageSize = 20, ClassBalance = 2, MaxSteps = null };
        Assert.True(plan.Validate().Count >= 7, string.Join("\n", plan.Validate()));
    }

    [Fact]
    public void Losses_GoWithWhateverRegularisersTheyCan()
    {
        foreach (var loss in MedGan.Models.Losses.Adversarial.AdversarialLosses.Names.Except(["wasserstein"]))
            Assert.Empty((TinyClasses.Plan("r3gan") with { Loss = loss }).Validate());
        Assert.Empty((TinyClasses.Plan("dcgan") with { Loss = "wasserstein", DiscriminatorNormalisation = "none", WeightClip = 0.01 }).Validate());
        Assert.Empty((TinyClasses.Plan("dcgan") with { DiscriminatorNormalisation = "spectral", R1Gamma = 1, LambdaLeCam = 0.1, LambdaConsistency = 1, LambdaFeatureMatching = 1, Augmentation = "diffaugment" }).Validate());
    }

    [Fact]
    public void PlanWithoutClasses_OrOfNoMethod_CannotBeRead()
    {
        Assert.Throws<InvalidDataException>(() => TrainingPlan.FromJson("""{"method": "dcgan", "maxSteps": 1}"""));
        Assert.Contains("stylegan2-ada", Assert.Throws<InvalidDataException>(() => TrainingPlan.FromJson("""{"method": "stylegan9", "classes": ["a"]}""")).Message);
        Assert.NotEmpty(TrainingPlan.FromJson("""{"method": "dcgan", "classes": null, "maxSteps": 1}""").Validate());
    }
}
