using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography;
using MedGan.Api.Security;
using MedGan.Api.Tests.Fixtures;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace MedGan.Api.Tests.Security;

/// <summary>A service whose tokens come from an OpenID Connect provider, here a small one on the loopback interface.</summary>
public sealed class ProviderService : TestService
{
    private readonly WebApplication provider;

    public ProviderService()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        provider = builder.Build();
        provider.MapGet("/.well-known/openid-configuration", () => new { issuer = Issuer, jwks_uri = $"{Issuer}/keys" });
        provider.MapGet("/keys", () =>
        {
            var key = Key.Rsa.ExportParameters(false);
            return new { keys = new[] { new { kty = "RSA", use = "sig", kid = Key.KeyId, n = Base64UrlEncoder.Encode(key.Modulus), e = Base64UrlEncoder.Encode(key.Exponent) } } };
        });
    }

    public RsaSecurityKey Key { get; } = new(RSA.Create(2048)) { KeyId = "one" };

    public string Issuer { get; private set; } = "";

    protected override Dictionary<string, string?> Settings => new() { ["MedGan:Auth:Authority"] = Issuer, ["MedGan:Auth:RoleClaim"] = "medgan_role" };

    public override async ValueTask InitializeAsync()
    {
        await provider.StartAsync();
        Issuer = provider.Urls.First();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await provider.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

public sealed class ProviderTests(ProviderService service) : IClassFixture<ProviderService>
{
    [Fact]
    public async Task TokenOfTheProvider_IsLetIn() =>
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Make(service.Issuer, new SigningCredentials(service.Key, SecurityAlgorithms.RsaSha256))));

    [Fact]
    public async Task TokenOfAnotherIssuer_IsUnauthorized() =>
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Make("http://127.0.0.1:1", new SigningCredentials(service.Key, SecurityAlgorithms.RsaSha256))));

    [Fact]
    public async Task TokenSignedWithThePublicKeyAsASecret_IsUnauthorized()
    {
        var secret = new SymmetricSecurityKey(service.Key.Rsa.ExportSubjectPublicKeyInfo()) { KeyId = service.Key.KeyId };
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Make(service.Issuer, new SigningCredentials(secret, SecurityAlgorithms.HmacSha256))));
    }

    [Fact]
    public void ProvidersTokens_AreSignedByPublicKeyAlgorithmsOnly() => Assert.All(
        service.Services.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get(JwtBearerDefaults.AuthenticationScheme).TokenValidationParameters.ValidAlgorithms,
        algorithm => Assert.Matches("^(RS|PS|ES)(256|384|512)$", algorithm));

    [Fact]
    public async Task TokenOfTheLocalKey_IsUnauthorized() => Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(service.Token(Roles.Steward)));

    private static string Make(string issuer, SigningCredentials credentials) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = issuer,
        Audience = "medgan",
        Expires = DateTime.UtcNow.AddMinutes(5),
        Subject = new ClaimsIdentity([new("sub", "somebody"), new("medgan_role", Roles.Steward), new("project", TestService.Project)]),
        SigningCredentials = credentials,
    });

    private async Task<HttpStatusCode> StatusAsync(string token)
    {
        using var client = service.Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await client.GetAsync($"/projects/{TestService.Project}/jobs", TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
