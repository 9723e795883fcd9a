using System.Text.RegularExpressions;
using MedGan.Api.Problems;

namespace MedGan.Api.Security;

/// <summary>Names of projects and cohorts: they become folders, claims and addresses, so little is allowed.</summary>
public static partial class Names
{
    /// <summary>What a name may look like, in words.</summary>
    public const string Rule = "1 to 63 lower-case letters, digits and hyphens, not beginning with a hyphen";

    /// <summary>Whether the text is a name.</summary>
    public static bool IsValid(string? text) => text is not null && Pattern().IsMatch(text);

    /// <summary>Refuses a request whose route names a project or cohort that cannot exist.</summary>
    public static ValueTask<object?> CheckRouteAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        foreach (var key in new[] { "project", "cohort" })
        {
            if (context.HttpContext.GetRouteValue(key) is string name && !IsValid(name))
            {
                throw new RefusedException(StatusCodes.Status400BadRequest, $"The {key} name is not valid", $"A {key} name is {Rule}.");
            }
        }
        return next(context);
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,62}\z")]
    private static partial Regex Pattern();
}
