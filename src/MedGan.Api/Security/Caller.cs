using System.Security.Claims;

namespace MedGan.Api.Security;

/// <summary>Who asks, as the audit trail names them.</summary>
public static class Caller
{
    /// <summary>The subject of the token; a token without one acts as "unnamed".</summary>
    public static string Actor(this ClaimsPrincipal user) => user.FindFirstValue("sub") is { Length: > 0 } subject ? subject : "unnamed";
}
