using System.Text.RegularExpressions;
using MedGan.Api.Security;
using MedGan.Api.Tests.Fixtures;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MedGan.Api.Tests.Security;

public sealed partial class RouteTableTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public void EveryRoute_NamesItsPolicy_OrIsAnonymousOnPurpose()
    {
        var endpoints = Endpoints();
        Assert.True(endpoints.Count >= 30, $"only {endpoints.Count} routes were found");
        foreach (var endpoint in endpoints)
        {
            var policies = endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(a => a.Policy).ToList();
            if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            {
                Assert.StartsWith("/health/", endpoint.RoutePattern.RawText, StringComparison.Ordinal);
                continue;
            }
            var policy = Assert.Single(policies);
            Assert.True(policy is not null && Policies.RolesOf.ContainsKey(policy), $"{endpoint.RoutePattern.RawText} has no policy of Policies");
            Assert.StartsWith("/projects/{project}/", endpoint.RoutePattern.RawText, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task EveryPolicy_AsksForAKnownRoleAndTheProject()
    {
        var provider = service.Services.GetRequiredService<IAuthorizationPolicyProvider>();
        foreach (var (name, roles) in Policies.RolesOf)
        {
            Assert.NotEmpty(roles);
            Assert.All(roles, role => Assert.Contains(role, Roles.All));
            var policy = await provider.GetPolicyAsync(name);
            Assert.Contains(policy!.Requirements, r => r is ProjectRequirement);
        }
    }

    [Fact]
    public void EveryRoute_IsShownInTheRequestFiles()
    {
        var requests = Directory.GetFiles(Path.Combine(Repository.Root, "docs", "rest"), "*.http")
            .SelectMany(File.ReadAllLines)
            .Select(line => Request().Match(line))
            .Where(match => match.Success)
            .Select(match => $"{match.Groups["verb"].Value} {match.Groups["path"].Value.Split('?')[0]}")
            .ToList();
        foreach (var endpoint in Endpoints())
        {
            var verb = Assert.Single(endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods);
            var pattern = "^" + verb + " " + Placeholder().Replace(Regex.Escape(endpoint.RoutePattern.RawText!), "[^/]+?") + "$";
            Assert.True(requests.Exists(r => Regex.IsMatch(r, pattern)), $"docs/rest shows no {verb} {endpoint.RoutePattern.RawText}");
        }
    }

    [Fact]
    public void EveryRequestFile_NamesRoutesThatExist()
    {
        var patterns = Endpoints().Select(e =>
            "^" + e.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods[0] + " " + Placeholder().Replace(Regex.Escape(e.RoutePattern.RawText!), "[^/]+?") + "$").ToList();
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "docs", "rest"), "*.http"))
        {
            foreach (var match in File.ReadAllLines(file).Select(line => Request().Match(line)).Where(m => m.Success))
            {
                var request = $"{match.Groups["verb"].Value} {match.Groups["path"].Value.Split('?')[0]}";
                Assert.True(patterns.Exists(p => Regex.IsMatch(request, p)), $"{Path.GetFileName(file)} names {request}, which no route serves");
            }
        }
    }

    private List<RouteEndpoint> Endpoints() =>
        [.. service.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()];

    [GeneratedRegex(@"^(?<verb>GET|POST|PUT|DELETE|PATCH) \{\{host\}\}(?<path>\S+)")]
    private static partial Regex Request();

    [GeneratedRegex(@"\\\{[a-z]+(:[a-z]+)?\}")]
    private static partial Regex Placeholder();
}
