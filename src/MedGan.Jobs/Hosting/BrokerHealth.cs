using MassTransit;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MedGan.Jobs.Hosting;

/// <summary>Whether the broker is there. Without it jobs go on and events wait, so a worker is never unfit for that.</summary>
internal sealed class BrokerHealth(IBusControl bus) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(bus.CheckHealth().Status == BusHealthStatus.Healthy ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded("The message broker cannot be reached; events wait."));
}
