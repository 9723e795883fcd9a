using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MedGan.Operation.Health;

/// <summary>
/// GET /health/live: the process answers. GET /health/ready: it can do its work; 503 where it cannot. Both without a token, and they
/// tell no more than which part is away.
/// </summary>
public static class HealthRoutes
{
    /// <summary>The bus brings a check of its own, for which a broker that is away is a fault. Here it is none: jobs go on, and events wait.</summary>
    private const string BusTag = "masstransit";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Adds the checks of database and object store.</summary>
    public static IHealthChecksBuilder AddMedGanHealth(this IServiceCollection services) => services.AddHealthChecks()
        .AddCheck<DatabaseHealth>("database", timeout: Patience)
        .AddCheck<ObjectStoreHealth>("objects", timeout: Patience);

    /// <summary>Maps both routes.</summary>
    /// <param name="routes">Where to.</param>
    /// <param name="checks">Of the process; null where it was registered with the routes' own services.</param>
    public static void MapHealth(this IEndpointRouteBuilder routes, HealthCheckService? checks = null)
    {
        checks ??= routes.ServiceProvider.GetRequiredService<HealthCheckService>();
        routes.MapGet("/health/live", () => Results.Ok(new { status = "ok" })).AllowAnonymous();
        routes.MapGet("/health/ready", async (HttpContext context, CancellationToken ct) =>
        {
            var report = await checks.CheckHealthAsync(check => !check.Tags.Contains(BusTag), ct);
            context.Response.StatusCode = report.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
            await context.Response.WriteAsJsonAsync(Answer(report), ct);
        }).AllowAnonymous();
    }

    private static object Answer(HealthReport report) => new
    {
        status = Word(report.Status),
        parts = report.Entries.ToDictionary(e => e.Key, e => Word(e.Value.Status)),
    };

    private static string Word(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "ok",
        HealthStatus.Degraded => "degraded",
        _ => "away",
    };
}
