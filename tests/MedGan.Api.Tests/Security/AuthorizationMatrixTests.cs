using System.Net;
using System.Text.RegularExpressions;
using MedGan.Api.Security;
using MedGan.Api.Tests.Fixtures;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MedGan.Api.Tests.Security;

/// <summary>Every route x every role x own and other project, made from the route table: what is added later is in it by itself.</summary>
public sealed partial class AuthorizationMatrixTests(TestService service) : IClassFixture<TestService>
{
    private const string Table = "docs/authorization.md";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OwnProject_LetsInTheRolesOfThePolicy_AndForbidsTheOthers() =>
        await EveryRequestAsync(TestService.Project, (route, role, status) =>
            route.Roles.Contains(role)
                ? status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) && (int)status < 500
                : status == HttpStatusCode.Forbidden);

    [Fact]
    public async Task OtherProject_IsNotFound_ForEveryRole() =>
        await EveryRequestAsync(TestService.OtherProject, (_, _, status) => status == HttpStatusCode.NotFound);

    [Fact]
    public async Task WithoutAToken_EveryRouteIsUnauthorized()
    {
        using var client = service.Anonymous();
        foreach (var route in Routes()) Assert.Equal((route, HttpStatusCode.Unauthorized), (route, await StatusAsync(client, route, TestService.Project)));
    }

    /// <summary>A token for the right role and project is no token when it comes any other way than the Authorization header.</summary>
    [Fact]
    public async Task TokenInTheQueryOrACookie_IsNoToken()
    {
        var token = service.Token(Roles.PrivacyOfficer);
        using var client = service.Anonymous();
        foreach (var name in new[] { "access_token", "token", "bearer" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/projects/{TestService.Project}/audit?{name}={token}");
            request.Headers.Add("Cookie", $"{name}={token}");
            using var answer = await client.SendAsync(request, Ct);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    [Fact]
    public async Task TwoAuthorizationHeaders_AreRefused()
    {
        using var client = service.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/projects/{TestService.Project}/jobs");
        request.Headers.TryAddWithoutValidation("Authorization", [$"Bearer {service.Token(Roles.Researcher)}", $"Bearer {service.Token(Roles.Admin)}"]);
        using var answer = await client.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    /// <summary>docs/authorization.md is for people; it says what the code does.</summary>
    [Fact]
    public void TheDocumentedTable_IsTheOneInForce()
    {
        var documented = File.ReadAllLines(Path.Combine(Repository.Root, Table)).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToList();
        var expected = Routes().Select(Row).Order(StringComparer.Ordinal).ToList();
        Assert.True(expected.SequenceEqual(documented), $"{Table} must hold these rows:\n{string.Join('\n', expected)}");
    }

    private static string Row(Route route) =>
        $"| `{route.Verb} {route.Pattern["/projects/{project}".Length..]}` | {string.Join(" | ", Roles.All.Select(role => route.Roles.Contains(role) ? "yes" : "-"))} |";

    private async Task EveryRequestAsync(string project, Func<Route, string, HttpStatusCode, bool> isRight)
    {
        var wrong = new List<string>();
        foreach (var role in Roles.All)
        {
            using var client = service.As(role);
            foreach (var route in Routes())
            {
                var status = await StatusAsync(client, route, project);
                if (!isRight(route, role, status)) wrong.Add($"{role}: {route.Verb} {route.Pattern} answered {(int)status}");
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, Route route, string project)
    {
        using var request = new HttpRequestMessage(new HttpMethod(route.Verb), Placeholder().Replace(route.Pattern, match => match.Groups["name"].Value switch
        {
            "project" => project,
            "id" => "00000000-0000-0000-0000-000000000001",
            "study" or "series" or "instance" => "1.2.3",
            _ => "latest",
        }));
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
        return answer.StatusCode;
    }

    private List<Route> Routes()
    {
        var routes = service.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .Select(endpoint => new Route(
                Assert.Single(endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods),
                endpoint.RoutePattern.RawText!,
                Policies.RolesOf[endpoint.Metadata.GetRequiredMetadata<IAuthorizeData>().Policy!]))
            .ToList();
        Assert.True(routes.Count >= 30, $"only {routes.Count} routes were found");
        return routes;
    }

    private sealed record Route(string Verb, string Pattern, string[] Roles);

    [GeneratedRegex(@"\{(?<name>[a-z]+)(:[a-z]+)?\}")]
    private static partial Regex Placeholder();
}
