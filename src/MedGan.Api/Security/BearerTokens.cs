using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.IdentityModel.Tokens;

namespace MedGan.Api.Security;

/// <summary>How bearer tokens are checked: signature by an allowed algorithm, issuer, audience and lifetime, always all four.</summary>
public static class BearerTokens
{
    private static readonly string[] LocalAlgorithms = [SecurityAlgorithms.HmacSha256];

    private static readonly string[] ProviderAlgorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    /// <summary>Adds authentication and the policies of <see cref="Policies"/>.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="options">Checked options.</param>
    /// <param name="localKey">The local signing key; null when a provider signs.</param>
    public static IServiceCollection AddBearerTokens(this IServiceCollection services, AuthOptions options, SymmetricSecurityKey? localKey)
    {
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(bearer =>
        {
            bearer.MapInboundClaims = false;
            bearer.IncludeErrorDetails = false;
            bearer.TokenValidationParameters = ParametersFor(options, localKey);
            if (localKey is null)
            {
                bearer.Authority = options.Authority;
                bearer.RequireHttpsMetadata = options.AuthorityUri?.Scheme == Uri.UriSchemeHttps;
            }
        });
        services.AddAuthorization(Policies.AddTo);
        services.AddSingleton<IAuthorizationHandler, ProjectAccess>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, ForeignProjectIsNotFound>();
        return services;
    }

    private static TokenValidationParameters ParametersFor(AuthOptions options, SymmetricSecurityKey? localKey)
    {
        var parameters = new TokenValidationParameters
        {
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ValidateLifetime = true,
            ValidateIssuer = true,
            ValidateAudience = true,
            ValidAudience = options.Audience,
            ValidAlgorithms = localKey is null ? ProviderAlgorithms : LocalAlgorithms,
            ClockSkew = TimeSpan.FromSeconds(options.ClockSkewSeconds),
            NameClaimType = "sub",
            RoleClaimType = options.RoleClaim,
        };
        if (localKey is not null)
        {
            parameters.ValidateIssuerSigningKey = true;
            parameters.ValidIssuer = AuthOptions.LocalIssuer;
            parameters.IssuerSigningKey = localKey;
        }
        return parameters;
    }
}
