using MedGan.Models.Training;

namespace MedGan.Models.Tests.Training;

public class CycleGanPlanTests
{
    [Fact]
    public void Defaults_WithABudget_AreValid() => Assert.Empty(new CycleGanPlan { MaxMinutes = 3 }.Validate());

    [Fact]
    public void Errors_AreReportedAllAtOnce()
    {
        var errors = new CycleGanPlan { ImageSize = 30, BatchSize = 0, LearningRate = double.NaN, EmaDecay = 1, Device = "tpu", LambdaCycle = -1 }.Validate();
        string[] fields = ["imageSize", "batchSize", "learningRate", "emaDecay", "device", "lambdaCycle", "maxSteps"];
        Assert.Equal(fields.Length, errors.Count);
        Assert.All(fields, field => Assert.Contains(errors, error => error.StartsWith(field, StringComparison.Ordinal)));
    }

    [Fact]
    public void Method_OfAnInvalidPlan_NamesEveryError()
    {
        var refused = Assert.Throws<InvalidPlanException>(() => new CycleGanMethod(new CycleGanPlan { ImageSize = 1, BatchSize = 0 }, [], []));
        Assert.Equal(3, refused.Errors.Count);
        Assert.All(refused.Errors, error => Assert.Contains(error, refused.Message));
    }

    [Fact]
    public void Json_RoundTrips()
    {
        var plan = new CycleGanPlan { ImageSize = 96, MaxSteps = 12, MaxMinutes = 0.5, Seed = -4, Device = "cuda:1" };
        Assert.Equal(plan, TrainingPlan.FromJson(plan.ToJson()));
        Assert.Contains("\"imageSize\": 96", plan.ToJson());
    }

    /// <summary>As models of earlier versions carry it.</summary>
    [Fact]
    public void Json_WithoutAMethod_IsAPlanOfThisOne()
    {
        var plan = Assert.IsType<CycleGanPlan>(TrainingPlan.FromJson("""{"imageSize": 64, "batchSize": 4, "lambdaAtlas": 10, "precision": "fp32", "maxSteps": null, "maxMinutes": 3, "threads": 0}"""));
        Assert.Equal(new CycleGanPlan { ImageSize = 64, BatchSize = 4, MaxMinutes = 3 }, plan);
        Assert.Equal(("cyclegan", 50), (plan.Method, plan.SampleEverySteps));
        Assert.Contains((plan with { Method = "cut" }).Validate(), error => error.StartsWith("method", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{\"imageSise\": 64}")]
    [InlineData("{\"imageSize\": \"large\"}")]
    [InlineData("{")]
    [InlineData("null")]
    public void Json_ThatIsNoPlan_IsRefused(string json) => Assert.Throws<InvalidDataException>(() => TrainingPlan.FromJson(json));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 1)]
    [InlineData(0.75, 0.5)]
    [InlineData(1, 0)]
    public void LearningRate_FallsOverTheLastHalf(double share, double factor) => Assert.Equal(factor, LearningRateSchedule.Factor(share), 1e-12);

    [Fact]
    public void Budget_IsUsedByStepsOrMinutes_WhicheverIsNearerToItsEnd()
    {
        var plan = new CycleGanPlan { MaxSteps = 100, MaxMinutes = 2 };
        Assert.Equal(0.5, plan.Share(50, 1, TimeSpan.FromMinutes(0.1)));
        Assert.Equal(0.75, plan.Share(50, 1, TimeSpan.FromMinutes(1.5)));
        Assert.Equal(1, plan.Share(50, 1, TimeSpan.FromMinutes(3)));
    }
}
