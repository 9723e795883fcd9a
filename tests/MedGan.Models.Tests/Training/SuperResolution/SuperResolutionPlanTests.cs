using MedGan.Models.Training;
using MedGan.Models.Training.SuperResolution;

namespace MedGan.Models.Tests.Training.SuperResolution;

public class SuperResolutionPlanTests
{
    [Theory]
    [InlineData("srresnet"), InlineData("srgan"), InlineData("rrdb"), InlineData("esrgan")]
    public void Plan_OfEveryMethod_ComesBackFromItsJson(string method)
    {
        var plan = TinySuperResolution.Plan(method) with { Degradation = "sliceProfile", Axes = "throughPlane", SliceShape = "trapezoid", SliceThickness = 0.8 };
        Assert.Empty(plan.Validate());
        Assert.Equal(plan, TrainingPlan.FromJson(plan.ToJson()));
    }

    [Fact]
    public void Plan_WithManyErrors_NamesAllOfThem()
    {
        var plan = TinySuperResolution.Plan("srgan") with
        {
            Factor = 5, Axes = "diagonal", Slices = 2, GeneratorWidth = 1, Blocks = 0, ContentLoss = "l3", LearningRate = 0, EmaDecay = 1, NoiseLevel = 0.3, LambdaAdversarial = 0, MaxSteps = null,
        };
        var errors = string.Join("\n", plan.Validate());
        foreach (var field in new[] { "factor", "axes", "slices", "generatorWidth", "blocks", "contentLoss", "learningRate", "emaDecay", "noiseLevel", "lambdaAdversarial", "maxSteps" })
            Assert.Contains(field, errors);
    }

    public static TheoryData<string, SuperResolutionPlan> Impossible => new()
    {
        { "degradation sliceProfile needs axes throughPlane", TinySuperResolution.Plan("rrdb") with { Degradation = "sliceProfile" } },
        { "degradation blur needs axes inPlane", TinySuperResolution.Plan("rrdb") with { Degradation = "blur", Axes = "throughPlane" } },
        { "noise rician is that of MR", TinySuperResolution.Plan("rrdb") with { Degradation = "blur", Noise = "rician", NoiseLevel = 0.1 } },
        { "noise gaussian is that of CT", TinySuperResolution.Plan("rrdb") with { Noise = "gaussian", NoiseLevel = 0.1 } },
        { "noiseCorrelation belongs to noise gaussian", TinySuperResolution.Plan("rrdb") with { NoiseCorrelation = 1 } },
        { "noiseLevel above 0 needs a noise", TinySuperResolution.Plan("rrdb") with { NoiseLevel = 0.1 } },
        { "kSpaceWindow belongs to degradation kSpace", TinySuperResolution.Plan("rrdb") with { Degradation = "blur", KSpaceWindow = "hann" } },
        { "blurFwhm belongs to degradation blur", TinySuperResolution.Plan("rrdb") with { BlurFwhm = 1 } },
        { "sliceThickness belongs to degradation sliceProfile", TinySuperResolution.Plan("rrdb") with { SliceThickness = 1 } },
        { "growth belongs to rrdb and esrgan", TinySuperResolution.Plan("srresnet") with { Growth = 8 } },
        { "batchNorm belongs to srresnet and srgan", TinySuperResolution.Plan("esrgan") with { BatchNorm = true } },
        { "batchNorm needs precision fp32", TinySuperResolution.Plan("srgan") with { BatchNorm = true, Precision = "bf16" } },
        { "featureNetwork and lambdaFeature belong to srgan and esrgan", TinySuperResolution.Plan("rrdb") with { FeatureNetwork = "cohort", LambdaFeature = 1 } },
        { "lambdaFeature above 0 needs a featureNetwork", TinySuperResolution.Plan("esrgan") with { LambdaFeature = 1 } },
        { "patchSize must be at least 32 for a feature network", TinySuperResolution.Plan("esrgan") with { FeatureNetwork = "cohort", LambdaFeature = 1 } },
        { "patchSize must be a multiple of 16 for the discriminator", TinySuperResolution.Plan("esrgan") with { PatchSize = 24 } },
        { "batchSize must be at least 2 for the discriminator", TinySuperResolution.Plan("srgan") with { BatchSize = 1 } },
        { "imageSize must be a multiple of the factor 3", TinySuperResolution.Plan("rrdb") with { Factor = 3, PatchSize = 24 } },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Combination_ThatMakesNoSense_IsRefusedByName(string error, SuperResolutionPlan plan) =>
        Assert.StartsWith(error, Assert.Single(plan.Validate()));

    [Theory]
    [InlineData("mr-superresolution-x4.json"), InlineData("mr-superresolution-x4-small.json")]
    public void ReadyPlan_CanBeRun(string file)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MedGan.sln"))) folder = folder.Parent!;
        Assert.Empty(TrainingPlan.FromJson(File.ReadAllText(Path.Combine(folder.FullName, "plans", file))).Validate());
    }
}
