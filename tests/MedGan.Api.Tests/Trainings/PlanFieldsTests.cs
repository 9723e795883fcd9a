using System.Text.Json.Nodes;
using MedGan.Api.Problems;
using MedGan.Api.Trainings;
using Xunit;

namespace MedGan.Api.Tests.Trainings;

public sealed class PlanFieldsTests
{
    [Fact]
    public void Plan_OfAllGoodFields_HasNoError()
    {
        var plan = JsonNode.Parse("""{"imageSize":64,"generatorWidth":16,"residualBlocks":3,"batchSize":4,"learningRate":0.0002,"beta1":0.5,"lambdaCycle":10,"seed":7,"maxSteps":10,"device":"cpu","precision":"bf16","augmentFlip":true}""")!.AsObject();
        Assert.Empty(PlanFields.Errors(plan));
    }

    [Theory]
    [InlineData("""{"imageSize":63,"maxSteps":1}""")]
    [InlineData("""{"imageSize":"64","maxSteps":1}""")]
    [InlineData("""{"imageSize":64.5,"maxSteps":1}""")]
    [InlineData("""{"batchSize":0,"maxSteps":1}""")]
    [InlineData("""{"learningRate":0,"maxSteps":1}""")]
    [InlineData("""{"beta1":1,"maxSteps":1}""")]
    [InlineData("""{"device":"/etc/passwd","maxSteps":1}""")]
    [InlineData("""{"augmentFlip":1,"maxSteps":1}""")]
    [InlineData("""{"precision":"fp8","maxSteps":1}""")]
    [InlineData("""{"precision":16,"maxSteps":1}""")]
    [InlineData("""{"precision":"fp16","device":"cpu","maxSteps":1}""")]
    [InlineData("""{"noSuchField":1,"maxSteps":1}""")]
    [InlineData("""{"seed":null,"maxSteps":1}""")]
    [InlineData("""{"maxSteps":0}""")]
    [InlineData("{}")]
    public void Plan_WithOneError_HasThatOne(string json) => Assert.Single(PlanFields.Errors(JsonNode.Parse(json)!.AsObject()));

    [Fact]
    public void Request_WithSeveralErrors_TellsAllAtOnce()
    {
        var request = new TrainingRequest("", "Not A Name", "mr", new JsonObject { ["batchSize"] = 0 }, null, null);
        var refusal = Assert.Throws<RefusedException>(request.CheckedPlan);
        Assert.Equal(400, refusal.Status);
        Assert.Equal(4, Assert.IsType<List<string>>(refusal.Extensions["errors"]).Count);
    }

    [Fact]
    public void Request_WithABudget_HasItInThePlan()
    {
        var plan = new TrainingRequest("heads", "ct", "mr", null, 3, 50).CheckedPlan();
        Assert.Equal("""{"maxMinutes":3,"maxSteps":50}""", plan.ToJsonString());
    }
}
