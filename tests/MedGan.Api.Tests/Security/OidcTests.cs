using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography;
using MedGan.Api.Security;
using MedGan.Api.Tests.Fixtures;
using MedGan.Storage.Records;
using MedGan.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace MedGan.Api.Tests.Security;

/// <summary>Tokens of a real OpenID Connect provider, with claims as Keycloak writes them; the keys change while the service runs, and the provider goes away.</summary>
public sealed class OidcTests(OidcTests.WithProvider service) : IClassFixture<OidcTests.WithProvider>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public sealed class WithProvider : TestService
    {
        private static object Keycloak(string role, string group) => new { realm_access = new { roles = new[] { role, "offline_access" } }, groups = new[] { group, "/staff" } };

        public OidcServer Provider { get; } = OidcServer.Create(new Dictionary<string, OidcClient>
        {
            ["pacs"] = new(Keycloak("imaging-stewards", $"/medgan/projects/{Project}")),
            ["foreigner"] = new(Keycloak("imaging-stewards", $"/medgan/projects/{OtherProject}")),
            ["unmapped"] = new(Keycloak(Roles.Steward, $"/medgan/projects/{Project}")), // our own name is not what the provider calls the role
            ["flat"] = new(new { role = Roles.Steward, roles = new[] { Roles.Admin }, project = Project }), // names of ours, in claims that are not the configured ones
            ["bare"] = new(new { realm_access = new { roles = new[] { "imaging-stewards" } }, groups = new[] { Project, "*" } }), // without the prefix it is no project
            ["elsewhere"] = new(Keycloak("imaging-stewards", $"/medgan/projects/{Project}"), Audience: "another-api"),
            ["short"] = new(Keycloak("imaging-stewards", $"/medgan/projects/{Project}"), Lifetime: 1),
        });

        protected override Dictionary<string, string?> Settings => new()
        {
            ["MedGan:Auth:Authority"] = Provider.Issuer, ["MedGan:Auth:RoleClaim"] = "realm_access.roles", ["MedGan:Auth:ProjectClaim"] = "groups",
            ["MedGan:Auth:ProjectPrefix"] = "/medgan/projects/", ["MedGan:Auth:Roles:steward"] = "imaging-stewards, imaging-leads", ["MedGan:Auth:ClockSkewSeconds"] = "0",
        };

        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync(); // the provider is not there yet
            using var client = Anonymous();
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "e30.e30.e30");
            AnswerBeforeItsStart = (await client.GetAsync($"/projects/{Project}/jobs")).StatusCode;
            await Provider.StartAsync(CancellationToken.None);
        }

        public HttpStatusCode AnswerBeforeItsStart { get; private set; }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await Provider.DisposeAsync();
        }
    }

    [Fact]
    public void ProviderThatIsAway_IsSaid_AndTheServiceRunsAllTheSame() => Assert.Equal(HttpStatusCode.ServiceUnavailable, service.AnswerBeforeItsStart);

    [Theory]
    [InlineData("pacs", HttpStatusCode.OK)]
    [InlineData("foreigner", HttpStatusCode.NotFound)]
    [InlineData("unmapped", HttpStatusCode.Forbidden)]
    [InlineData("flat", HttpStatusCode.NotFound)]
    [InlineData("bare", HttpStatusCode.NotFound)]
    [InlineData("elsewhere", HttpStatusCode.Unauthorized)]
    public async Task Client_MayWhatItsClaimsSayByTheSettings(string client, HttpStatusCode expected) =>
        await EventuallyAsync(expected, await service.Provider.TokenAsync(client, Ct));

    [Fact]
    public async Task ServiceAccount_IsNamedAsOne_OnTheAuditTrail()
    {
        var token = await service.Provider.TokenAsync("pacs", Ct);
        await EventuallyAsync(HttpStatusCode.OK, token);
        using var client = Client(token);
        using var content = Stow.Body(MadeUpDicom.Ct());
        using var answer = await client.PostAsync(Stow.Path("oidc"), content, Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await using var db = await service.Services.GetRequiredService<IDbContextFactory<MedGanDb>>().CreateDbContextAsync(Ct);
        Assert.Contains(await db.AuditLeaves.Select(l => l.LeafJson).ToListAsync(Ct), leaf => leaf.Contains("\"actor\":\"service:pacs\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ExpiredToken_IsUnauthorized()
    {
        var token = await service.Provider.TokenAsync("short", Ct);
        await Task.Delay(TimeSpan.FromSeconds(1.5), Ct);
        await EventuallyAsync(HttpStatusCode.Unauthorized, token);
    }

    public static TheoryData<string> Forgeries => ["none", "confusion", "wrong-key", "unknown-key", "id-token", "code-hash", "logout", "nonce", "typ", "future", "issuer", "no-expiry", "embedded-jwk"];

    /// <summary>Each is the good token but for one thing. The good one is let in, so that each is refused for that thing.</summary>
    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task Forgery_IsUnauthorized(string which)
    {
        await EventuallyAsync(HttpStatusCode.OK, Make("good"));
        await EventuallyAsync(HttpStatusCode.Unauthorized, Make(which));
    }

    [Fact]
    public async Task TokenLargerThanAHeaderMayBe_IsRefused()
    {
        using var client = Client("a." + new string('b', 64 * 1024) + ".c");
        using var answer = await client.GetAsync($"/projects/{TestService.Project}/jobs", Ct);
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task KeyThatRotates_IsPickedUp_AndTheOldOneIsRefused()
    {
        var old = await service.Provider.TokenAsync("pacs", Ct);
        await EventuallyAsync(HttpStatusCode.OK, old);
        await service.Provider.RotateAsync(Ct);
        await EventuallyAsync(HttpStatusCode.OK, await service.Provider.TokenAsync("pacs", Ct));
        await EventuallyAsync(HttpStatusCode.Unauthorized, old);
    }

    private string Make(string which)
    {
        var signing = new RsaSecurityKey(which == "wrong-key" ? RSA.Create(2048) : service.Provider.Key) { KeyId = which == "unknown-key" ? "another" : service.Provider.KeyId };
        if (which == "unknown-key") signing = new RsaSecurityKey(RSA.Create(2048)) { KeyId = "another" };
        var now = DateTime.UtcNow;
        var claims = new Dictionary<string, object>
        {
            ["sub"] = "somebody", ["realm_access"] = new Dictionary<string, object> { ["roles"] = new[] { "imaging-stewards" } }, ["groups"] = new[] { $"/medgan/projects/{TestService.Project}" },
        };
        if (which == "id-token") claims["at_hash"] = "x";
        if (which == "code-hash") claims["c_hash"] = "x";
        if (which == "logout") claims["events"] = new Dictionary<string, object> { ["http://schemas.openid.net/event/backchannel-logout"] = new Dictionary<string, object>() };
        if (which == "nonce") claims["nonce"] = "x";
        if (which == "typ") claims["typ"] = "ID";
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = which == "issuer" ? "http://127.0.0.1:1" : service.Provider.Issuer, Audience = "medgan", Claims = claims,
            NotBefore = which == "future" ? now.AddMinutes(2) : now.AddSeconds(-5), IssuedAt = now.AddSeconds(-5), Expires = now.AddMinutes(5),
            SigningCredentials = new SigningCredentials(signing, SecurityAlgorithms.RsaSha256),
        };
        if (which == "confusion")
            descriptor.SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(service.Provider.Key.ExportSubjectPublicKeyInfo()) { KeyId = service.Provider.KeyId }, SecurityAlgorithms.HmacSha256);
        if (which == "embedded-jwk")
        {
            // The attacker's own key, in the header of the token.
            var own = RSA.Create(2048);
            descriptor.SigningCredentials = new SigningCredentials(new RsaSecurityKey(own), SecurityAlgorithms.RsaSha256);
            descriptor.AdditionalHeaderClaims = new Dictionary<string, object> { ["jwk"] = new Dictionary<string, object> { ["kty"] = "RSA", ["n"] = Base64UrlEncoder.Encode(own.ExportParameters(false).Modulus), ["e"] = Base64UrlEncoder.Encode(own.ExportParameters(false).Exponent) } };
        }
        if (which == "no-expiry") descriptor.Expires = null;
        var token = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
        return which == "none" ? $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{token.Split('.')[1]}." : token;
    }

    private HttpClient Client(string token)
    {
        var client = service.Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>The service may need a moment to read the provider's keys; a wrong answer that stays fails.</summary>
    private async Task EventuallyAsync(HttpStatusCode expected, string token)
    {
        using var client = Client(token);
        var last = HttpStatusCode.ServiceUnavailable;
        for (var began = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30); await Task.Delay(200, Ct))
        {
            using var answer = await client.GetAsync($"/projects/{TestService.Project}/jobs", Ct);
            if ((last = answer.StatusCode) == expected) return;
        }
        Assert.Equal(expected, last);
    }
}
