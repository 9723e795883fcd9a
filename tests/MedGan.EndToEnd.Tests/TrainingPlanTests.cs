using System.Text.Json.Nodes;
using MedGan.Api.Trainings;
using MedGan.Models.Training;
using Xunit;

namespace MedGan.EndToEnd.Tests;

/// <summary>The API checks plans without knowing the trainer's type; here the two are held together.</summary>
public sealed class TrainingPlanTests
{
    [Fact]
    public void Api_KnowsEveryFieldOfThePlan_AndNoOther()
    {
        var plan = JsonNode.Parse(new CycleGanPlan().ToJson())!.AsObject();
        Assert.Equal(plan.Select(field => field.Key).Order(), PlanFields.Names.Order());
    }

    [Fact]
    public void Api_AcceptsTheDefaultPlan()
    {
        var plan = JsonNode.Parse(new CycleGanPlan { MaxMinutes = 3, MaxSteps = 10 }.ToJson())!.AsObject();
        Assert.Empty(PlanFields.Errors(plan));
    }
}
