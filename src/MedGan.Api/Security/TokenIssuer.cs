using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MedGan.Api.Security;

/// <summary>Signs tokens with the local key (HS256); only used where no OpenID Connect provider is configured.</summary>
public sealed class TokenIssuer(SymmetricSecurityKey key, AuthOptions options, TimeProvider clock)
{
    /// <summary>A token for one role in one or more projects.</summary>
    public string Issue(string subject, string role, IReadOnlyList<string> projects, TimeSpan lifetime)
    {
        var now = clock.GetUtcNow();
        var claims = new List<Claim> { new("sub", subject), new(options.RoleClaim, role) };
        claims.AddRange(projects.Select(p => new Claim(options.ProjectClaim, p)));
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = AuthOptions.LocalIssuer,
            Audience = options.Audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (now + lifetime).UtcDateTime,
            Subject = new ClaimsIdentity(claims),
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha256),
        });
    }
}
