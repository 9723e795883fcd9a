using MedGan.Api.Problems;
using MedGan.Storage;

namespace MedGan.Api.Security;

/// <summary>The names of a route.</summary>
public static class Names
{
    /// <summary>Refuses a request whose route names a project or cohort that cannot exist.</summary>
    public static ValueTask<object?> CheckRouteAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        foreach (var key in new[] { "project", "cohort" })
        {
            if (context.HttpContext.GetRouteValue(key) is string name && !ResourceName.IsValid(name))
            {
                throw new RefusedException(StatusCodes.Status400BadRequest, $"The {key} name is not valid", $"A {key} name is {ResourceName.Rule}.");
            }
        }
        return next(context);
    }
}
