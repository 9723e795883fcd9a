using MedGan.Storage.Objects;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MedGan.Operation.Health;

/// <summary>Whether the object store answers.</summary>
internal sealed class ObjectStoreHealth(ObjectIndex objects) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await objects.ProbeAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("The object store cannot be reached.");
        }
    }
}
