using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MedGan.Operation;

/// <summary>The start of either process.</summary>
public static class HostStart
{
    /// <summary>Starts a host.</summary>
    /// <returns>False when it was told to stop meanwhile: what had started by then is stopped in good order.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public static async Task<bool> StartUnlessStoppedAsync(this IHost host, CancellationToken ct)
    {
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            await host.StartAsync(ct);
            return true;
        }
        catch (Exception e) when (stopping.IsCancellationRequested && IsCancellation(e))
        {
            await host.StopAsync(CancellationToken.None);
            return false;
        }
    }

    private static bool IsCancellation(Exception e) => e is OperationCanceledException || e.InnerException is { } inner && IsCancellation(inner); // a scheduler wraps it
}
