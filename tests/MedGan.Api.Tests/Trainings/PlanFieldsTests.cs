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
    [InlineData("""{"method":"cyclegan","imageSize":96,"poolSize":50,"maxSteps":null,"maxMinutes":3}""")]
    [InlineData("""{"method":"residual-unet","imageSize":96,"slices":3,"levels":3,"lambdaStructure":1,"patience":5,"maxImages":1000}""")]
    [InlineData("""{"method":"pix2pix","imageSize":128,"discriminatorScales":2,"maxSteps":10}""")]
    [InlineData("""{"method":"cut","imageSize":64,"lambdaNce":2,"patches":256,"maxSteps":10}""")]
    public void Plan_OfEveryMethodOfTranslation_HasNoError(string json) => Assert.Empty(PlanFields.Errors(JsonNode.Parse(json)!.AsObject()));

    [Theory]
    [InlineData("stylegan2-ada", "a study in a cohort has no class")]
    [InlineData("esrgan", "which the privacy gate is there to withhold")]
    [InlineData("magic", "method must be one of cyclegan, cut, fastcut, pix2pix, residual-unet.")]
    public void Plan_OfAnotherMethod_IsRefusedByName_WithTheReason(string method, string reason) =>
        Assert.Contains(reason, Assert.Single(PlanFields.Errors(new JsonObject { ["method"] = method, ["classes"] = new JsonArray("a"), ["maxSteps"] = 1 })), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"method":"pix2pix","imageSize":96,"maxSteps":1}""")]
    [InlineData("""{"method":"pix2pix","lambdaCycle":1,"maxSteps":1}""")]
    [InlineData("""{"method":"residual-unet","slices":2,"maxSteps":1}""")]
    [InlineData("""{"method":"residual-unet","imageSize":100,"maxSteps":1}""")]
    [InlineData("""{"method":"cut","imageSize":32,"maxSteps":1}""")]
    [InlineData("""{"method":3,"maxSteps":1}""")]
    [InlineData("""{"lambdaAtlas":0,"maxSteps":1}""")]
    [InlineData("""{"outlineDepth":false,"maxSteps":1}""")]
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
