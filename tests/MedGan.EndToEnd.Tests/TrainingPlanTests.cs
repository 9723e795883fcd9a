using System.Globalization;
using System.Text.Json.Nodes;
using MedGan.Api.Trainings;
using MedGan.Models.Training;
using Xunit;

namespace MedGan.EndToEnd.Tests;

/// <summary>The API checks plans without knowing the trainer's types; here the two are held together.</summary>
public sealed class TrainingPlanTests
{
    private static readonly string[] Values =
        ["-1", "0", "0.25", "0.26", "0.5", "0.51", "1", "2", "3", "4", "5", "6", "7", "9", "10", "11", "16", "17", "31", "32", "33", "45", "46", "48", "64", "65", "96", "128", "256", "257", "512", "513",
            "1000", "1001", "1024", "1025", "4096", "4097", "10000", "10001", "100000", "100001", "true", "false", "null", "[]"];

    public static TheoryData<string> Methods => [.. PlanFields.MethodNames];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Api_KnowsEveryFieldOfThePlan_AndNoOther(string method) => Assert.Equal(Default(method).Select(field => field.Key).Order(), PlanFields.NamesOf(method).Order());

    /// <summary>As a model folder holds it, with what is not set as null.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void Api_AcceptsTheDefaultPlan(string method) => Assert.Empty(PlanFields.Errors(Default(method)));

    [Theory]
    [MemberData(nameof(Methods))]
    public void Api_AcceptsAndRefuses_WhatThePlanItselfDoes(string method)
    {
        var otherwise = new List<string>();
        foreach (var field in PlanFields.NamesOf(method).Where(name => name != "method"))
            foreach (var value in Values)
            {
                var plan = Default(method);
                plan[field] = JsonNode.Parse(value);
                if (PlanFields.Errors(plan).Any() == IsRunnable(plan)) otherwise.Add(string.Create(CultureInfo.InvariantCulture, $"{field} {value}"));
            }
        Assert.Empty(otherwise);
    }

    /// <summary>Those that the service does not train by are refused by their names, and no method is forgotten.</summary>
    [Fact]
    public void Api_KnowsEveryMethodByName()
    {
        var refusal = Assert.Throws<InvalidDataException>(() => TrainingPlan.FromJson("""{"method": "none"}""")).Message;
        foreach (var method in refusal[(refusal.LastIndexOf(" of ", StringComparison.Ordinal) + 4)..].TrimEnd('.').Split(", "))
            Assert.DoesNotContain(PlanFields.Errors(new JsonObject { ["method"] = method, ["maxSteps"] = 1 }), error => error.StartsWith("method must", StringComparison.Ordinal));
    }

    private static JsonObject Default(string method) => JsonNode.Parse(TrainingPlan.FromJson($$"""{"method": "{{method}}", "maxSteps": 10}""").ToJson())!.AsObject();

    private static bool IsRunnable(JsonObject plan)
    {
        try { return TrainingPlan.FromJson(plan.ToJsonString()).Validate().Count == 0; }
        catch (InvalidDataException) { return false; }
    }
}
