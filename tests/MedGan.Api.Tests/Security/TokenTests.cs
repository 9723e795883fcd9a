using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography;
using MedGan.Api.Security;
using MedGan.Api.Tests.Fixtures;
using MedGan.Storage;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace MedGan.Api.Tests.Security;

public sealed class TokenTests(TestService service) : IClassFixture<TestService>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private SymmetricSecurityKey Key => TokenKey.Read(service.Services.GetRequiredService<StorageOptions>());

    [Fact]
    public async Task GoodToken_IsLetIn() => Assert.Equal(HttpStatusCode.OK, await StatusAsync(Make()));

    [Fact]
    public async Task NoToken_IsUnauthorizedWithAProblem()
    {
        using var client = service.Anonymous();
        using var answer = await client.GetAsync($"/projects/{TestService.Project}/jobs", Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", Assert.Single(answer.Headers.WwwAuthenticate).Scheme);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task ExpiredToken_IsUnauthorized() =>
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Make(expires: DateTime.UtcNow.AddMinutes(-2))));

    [Fact]
    public async Task TokenThatIsNotValidYet_IsUnauthorized() =>
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Make(notBefore: DateTime.UtcNow.AddMinutes(2))));

    [Fact]
    public async Task TokenOfAnotherKey_IsUnauthorized() =>
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Make(key: new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)) { KeyId = Key.KeyId })));

    [Fact]
    public async Task TokenForAnotherAudience_IsUnauthorized() =>
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Make(audience: "elsewhere")));

    [Fact]
    public async Task TokenOfAnotherIssuer_IsUnauthorized() =>
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Make(issuer: "elsewhere")));

    [Fact]
    public async Task TokenOfAnAlgorithmThatIsNotAllowed_IsUnauthorized()
    {
        var longKey = new SymmetricSecurityKey([.. Key.Key, .. new byte[32]]);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Make(algorithm: SecurityAlgorithms.HmacSha512, key: longKey)));
    }

    [Fact]
    public void LocalTokens_AreSignedByOneAlgorithmOnly() => Assert.Equal(
        [SecurityAlgorithms.HmacSha256],
        service.Services.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get(JwtBearerDefaults.AuthenticationScheme).TokenValidationParameters.ValidAlgorithms);

    [Fact]
    public async Task UnsignedToken_IsUnauthorized()
    {
        var payload = Make().Split('.')[1];
        var header = Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync($"{header}.{payload}."));
    }

    [Fact]
    public async Task TokenWithoutItsSignature_IsUnauthorized() =>
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Make()[..^43]));

    [Fact]
    public async Task ChangedToken_IsUnauthorized()
    {
        var parts = Make(role: Roles.Admin).Split('.');
        var payload = Base64UrlEncoder.Decode(parts[1]).Replace("\"admin\"", "\"steward\"", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync($"{parts[0]}.{Base64UrlEncoder.Encode(payload)}.{parts[2]}"));
    }

    [Fact]
    public async Task Rubbish_IsUnauthorized() => Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("not.a.token"));

    [Fact]
    public async Task TokenWithoutARole_IsForbidden() => Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(Make(role: null)));

    [Fact]
    public async Task TokenWithoutAProject_FindsNothing() => Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(Make(project: null)));

    private async Task<HttpStatusCode> StatusAsync(string token)
    {
        using var client = service.Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await client.GetAsync($"/projects/{TestService.Project}/jobs", Ct);
        Assert.DoesNotContain("IDX", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        return answer.StatusCode;
    }

    private string Make(
        string? role = Roles.Steward, string? project = TestService.Project, DateTime? expires = null, DateTime? notBefore = null,
        SymmetricSecurityKey? key = null, string audience = "medgan", string issuer = AuthOptions.LocalIssuer, string algorithm = SecurityAlgorithms.HmacSha256)
    {
        var claims = new List<Claim> { new("sub", "tester") };
        if (role is not null)
        {
            claims.Add(new Claim("role", role));
        }
        if (project is not null)
        {
            claims.Add(new Claim("project", project));
        }
        var ends = expires ?? DateTime.UtcNow.AddMinutes(5);
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            NotBefore = notBefore ?? ends.AddHours(-1),
            IssuedAt = ends.AddHours(-1),
            Expires = ends,
            Subject = new ClaimsIdentity(claims),
            SigningCredentials = new SigningCredentials(key ?? Key, algorithm),
        });
    }
}
