using System.Net;
using MedGan.Api.Security;
using MedGan.Api.Tests.Fixtures;
using Xunit;

namespace MedGan.Api.Tests.Security;

public sealed class AccessTests(TestService service) : IClassFixture<TestService>
{
    private const string Any = "00000000-0000-0000-0000-000000000001";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("POST", "cohorts/c/dicomweb/studies", Roles.Researcher)]
    [InlineData("POST", "cohorts/c/archives", Roles.PrivacyOfficer)]
    [InlineData("POST", "trainings", Roles.Steward)]
    [InlineData("POST", "generations", Roles.PrivacyOfficer)]
    [InlineData("GET", "cohorts/c/series/" + Any + "/preview", Roles.Researcher)]
    [InlineData("GET", "trainings/" + Any, Roles.Admin)]
    [InlineData("GET", "trainings/" + Any + "/samples/latest.png", Roles.Researcher)]
    [InlineData("GET", "generations/" + Any + "/nearest-pairs.png", Roles.Researcher)]
    [InlineData("GET", "dicomweb/studies", Roles.Admin)]
    [InlineData("GET", "audit", Roles.Researcher)]
    [InlineData("GET", "audit", Roles.Steward)]
    [InlineData("POST", "jobs/" + Any + "/cancel", Roles.PrivacyOfficer)]
    public async Task WrongRole_IsForbidden(string method, string path, string role) =>
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(method, $"/projects/{TestService.Project}/{path}", role));

    [Theory]
    [InlineData("POST", "cohorts/c/dicomweb/studies", Roles.Steward)]
    [InlineData("POST", "cohorts/c/dicomweb/studies", Roles.Researcher)]
    [InlineData("GET", "cohorts", Roles.Steward)]
    [InlineData("POST", "trainings", Roles.Researcher)]
    [InlineData("GET", "dicomweb/studies", Roles.Researcher)]
    [InlineData("GET", "audit", Roles.PrivacyOfficer)]
    public async Task AnotherProject_IsNotFound_WhateverTheRole(string method, string path, string role) =>
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(method, $"/projects/{TestService.OtherProject}/{path}", role));

    [Fact]
    public async Task TokenForEveryProject_IsLetIn()
    {
        using var client = service.As(Roles.Admin, ProjectAccess.EveryProject);
        using var answer = await client.GetAsync($"/projects/{TestService.OtherProject}/jobs", Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task TokenForTwoProjects_IsLetIntoBoth()
    {
        using var client = service.As(Roles.Steward, TestService.Project, TestService.OtherProject);
        foreach (var project in new[] { TestService.Project, TestService.OtherProject })
        {
            using var answer = await client.GetAsync($"/projects/{project}/cohorts", Ct);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("Upper")]
    [InlineData("-first")]
    [InlineData("under_score")]
    [InlineData("dot.dot")]
    [InlineData("%2e%2e%2fx")]
    [InlineData("a%0a")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public async Task NameOfACohortThatCannotBe_IsBadRequest(string name) =>
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync("GET", $"/projects/{TestService.Project}/cohorts/{name}", Roles.Steward));

    [Fact]
    public async Task NameOfAProjectThatCannotBe_IsBadRequest()
    {
        using var client = service.As(Roles.Admin, ProjectAccess.EveryProject);
        using var answer = await client.GetAsync("/projects/No_Name/cohorts", Ct);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("lower-case", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryAnswer_CarriesTheSecurityHeaders()
    {
        using var client = service.As(Roles.Steward);
        foreach (var path in new[] { "/health/live", $"/projects/{TestService.Project}/cohorts", $"/projects/{TestService.Project}/cohorts/none", "/nowhere" })
        {
            using var answer = await client.GetAsync(path, Ct);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Contains("default-src 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
            Assert.True(answer.Headers.CacheControl!.NoStore);
            Assert.False(answer.Headers.Contains("Server"));
        }
    }

    [Fact]
    public async Task Health_NeedsNoToken()
    {
        using var client = service.Anonymous();
        Assert.Equal("""{"status":"ok"}""", await client.GetStringAsync("/health/live", Ct));
        Assert.Equal("""{"status":"ok","parts":{"database":"ok","objects":"ok"}}""", await client.GetStringAsync("/health/ready", Ct));
    }

    [Fact]
    public async Task UnknownAddress_WithoutAToken_IsUnauthorized()
    {
        using var client = service.Anonymous();
        using var answer = await client.GetAsync("/nowhere", Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private async Task<HttpStatusCode> StatusAsync(string method, string path, string role)
    {
        using var client = service.As(role);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await client.SendAsync(request, Ct);
        return answer.StatusCode;
    }
}
