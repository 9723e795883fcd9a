using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace MedGan.Api.Security;

/// <summary>The provider's keys cannot be read, so no token can be checked now.</summary>
public sealed class ProviderAwayException(Exception inner) : Exception("The OpenID Connect provider does not answer.", inner);

/// <summary>How bearer tokens are checked: signature by an allowed algorithm, issuer, audience and lifetime, always all four.</summary>
public static class BearerTokens
{
    /// <summary>How soon keys are read again when a token names an unknown one.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

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
                bearer.AutomaticRefreshInterval = TimeSpan.FromSeconds(options.KeysRefreshSeconds);
                bearer.RefreshInterval = AskAgain;
                bearer.BackchannelTimeout = Patience;
            }
            var claims = new TokenClaims(options);
            bearer.Events = new JwtBearerEvents
            {
                OnTokenValidated = context =>
                {
                    if (TokenClaims.WhyNoAccessToken(context.Principal!, (context.SecurityToken as JsonWebToken)?.Typ) is { } why) context.Fail($"The token was refused: {why}.");
                    else context.Principal = claims.Translate(context.Principal!);
                    return Task.CompletedTask;
                },
                OnMessageReceived = RequireKeysAsync,
            };
        });
        // By default the keys of before are good for another hour, also those that the provider has withdrawn.
        services.PostConfigure<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme, bearer =>
        {
            if (bearer.ConfigurationManager is BaseConfigurationManager provider) provider.UseLastKnownGoodConfiguration = false;
        });
        services.AddAuthorization(Policies.AddTo);
        services.AddSingleton<IAuthorizationHandler, ProjectAccess>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, ForeignProjectIsNotFound>();
        return services;
    }

    /// <summary>Where there are no keys, no token can be wrong: the client is told to come back.</summary>
    private static async Task RequireKeysAsync(MessageReceivedContext context)
    {
        if (context.Options.ConfigurationManager is not { } provider || context.Request.Headers.Authorization.Count == 0) return;
        try
        {
            await provider.GetConfigurationAsync(context.HttpContext.RequestAborted); // from memory, once they were read
        }
        catch (Exception e) when (!context.HttpContext.RequestAborted.IsCancellationRequested)
        {
            throw new ProviderAwayException(e);
        }
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
            NameClaimType = TokenClaims.Subject,
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
