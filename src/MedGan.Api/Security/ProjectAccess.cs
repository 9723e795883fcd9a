using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace MedGan.Api.Security;

/// <summary>The token names the project of the route, or every project with "*".</summary>
public sealed class ProjectRequirement : IAuthorizationRequirement;

/// <summary>Compares the route's project with the project claims of the token.</summary>
public sealed class ProjectAccess : AuthorizationHandler<ProjectRequirement>
{
    /// <summary>The claim value that stands for every project.</summary>
    public const string EveryProject = "*";

    /// <inheritdoc/>
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ProjectRequirement requirement)
    {
        if (context.Resource is HttpContext http
            && http.GetRouteValue("project") is string project
            && context.User.FindAll(TokenClaims.Project).Any(c => c.Value == EveryProject || c.Value == project))
        {
            context.Succeed(requirement);
        }
        return Task.CompletedTask;
    }
}

/// <summary>
/// Answers 404 where the caller has no part in the project, whatever the role: whether a project exists is nobody else's business.
/// </summary>
public sealed class ForeignProjectIsNotFound : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler standard = new();

    /// <inheritdoc/>
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        var foreign = authorizeResult.Forbidden
            && authorizeResult.AuthorizationFailure?.FailedRequirements.OfType<ProjectRequirement>().Any() == true;
        if (!foreign)
        {
            return standard.HandleAsync(next, context, policy, authorizeResult);
        }
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
