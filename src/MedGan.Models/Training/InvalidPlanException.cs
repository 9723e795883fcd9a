namespace MedGan.Models.Training;

/// <summary>A plan with errors; <see cref="Errors"/> holds all of them.</summary>
public sealed class InvalidPlanException(IReadOnlyList<string> errors) : Exception("The training plan cannot be run: " + string.Join(" ", errors))
{
    public IReadOnlyList<string> Errors { get; } = errors;
}
