using System.Text.Json.Nodes;
using MedGan.Api.Problems;
using MedGan.Storage;

namespace MedGan.Api.Trainings;

/// <summary>What a researcher asks for: two cohorts, a plan, a budget in minutes or steps, and - of a method of one direction - what it shall translate.</summary>
public sealed record TrainingRequest(string? Name, string? CtCohort, string? MrCohort, JsonObject? Plan, double? Minutes, long? Steps, string? Source = null)
{
    /// <summary>The plan with the budget in it.</summary>
    /// <exception cref="RefusedException">400 with every error at once.</exception>
    public JsonObject CheckedPlan()
    {
        var plan = Plan?.DeepClone().AsObject() ?? [];
        if (Minutes is not null)
        {
            plan["maxMinutes"] = Minutes;
        }
        if (Steps is not null)
        {
            plan["maxSteps"] = Steps;
        }
        var errors = new List<string>();
        if (Name is not { Length: > 0 and <= 100 } || Name.Any(char.IsControl))
        {
            errors.Add("name must be 1 to 100 printable characters.");
        }
        foreach (var (field, cohort) in new[] { ("ctCohort", CtCohort), ("mrCohort", MrCohort) })
        {
            if (!ResourceName.IsValid(cohort))
            {
                errors.Add($"{field} must be a cohort name: {ResourceName.Rule}.");
            }
        }
        if (Source is not (null or "CT" or "MR"))
        {
            errors.Add("source must be CT or MR.");
        }
        else if (Source is not null && PlanFields.TranslatesBothWays(plan))
        {
            errors.Add("source is for methods of one direction; cyclegan translates both ways.");
        }
        errors.AddRange(PlanFields.Errors(plan));
        return errors.Count == 0
            ? plan
            : throw new RefusedException(StatusCodes.Status400BadRequest, "The training cannot be run as asked", string.Join(" ", errors)) { Extensions = { ["errors"] = errors } };
    }
}

/// <summary>Something was accepted: its id and the job that works on it.</summary>
public sealed record Accepted(Guid Id, Guid Job);
