using Microsoft.Extensions.Hosting;

namespace MedGan.Storage.Objects;

/// <summary>Runs the orphan sweep once, when the worker starts.</summary>
internal sealed class SweepAtStart(OrphanSweep sweep) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => sweep.RunAsync(stoppingToken);
}
