using System.Security.Claims;
using MedGan.Api.Security;
using Xunit;

namespace MedGan.Api.Tests.Security;

/// <summary>Nobody acts under the name of a service who is none.</summary>
public sealed class ActorTests
{
    [Theory]
    [InlineData("u-17", "sub=u-17")]
    [InlineData("u-17", "sub=u-17 client_id=portal")] // a person, through a client
    [InlineData("u-17", "sub=u-17 azp=portal preferred_username=service-account-pacs")] // another client's account
    [InlineData("service:portal (u-17)", "sub=u-17 azp=portal preferred_username=service-account-portal")] // Keycloak's account, or a person who calls himself so
    [InlineData("service:pacs", "sub=0f1e client_id=pacs preferred_username=service-account-pacs")] // Keycloak's scope service_account
    [InlineData("service:pacs", "sub=pacs client_id=pacs")]
    [InlineData("service:pacs", "client_id=pacs")]
    [InlineData("subject:service:pacs", "sub=service:pacs")]
    [InlineData("subject:subject:service:pacs", "sub=subject:service:pacs")]
    [InlineData("unnamed", "role=steward")]
    public void Actor_IsThePerson_OrTheServiceThatNobodyStandsBehind(string expected, string claims)
    {
        var token = new ClaimsPrincipal(new ClaimsIdentity(claims.Split(' ').Select(claim => claim.Split('=')).Select(claim => new Claim(claim[0], claim[1]))));
        Assert.Equal(expected, new TokenClaims(new AuthOptions()).Translate(token).Actor());
    }
}
