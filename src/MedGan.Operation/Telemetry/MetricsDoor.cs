using MedGan.Operation.Health;
using MedGan.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace MedGan.Operation.Telemetry;

/// <summary>A port of its own for those who look after the process: /metrics in Prometheus' text format, and the health routes.</summary>
internal sealed partial class MetricsDoor(OperationOptions options, MeterProvider meters, HealthCheckService health, ILogger<MetricsDoor> log) : IHostedService
{
    private WebApplication? _door;

    /// <exception cref="InvalidSettingException">The port is taken.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.MetricsListen, options.MetricsPort!.Value);
        });
        _door = builder.Build();
        _door.UseRouting();
        _door.UseOpenTelemetryPrometheusScrapingEndpoint(meters, predicate: null, path: "/metrics", configureBranchedPipeline: null, optionsName: null);
        _door.MapHealth(health);
        try
        {
            await _door.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            throw new InvalidSettingException($"MedGan:Metrics:Port {options.MetricsPort} cannot be listened at: {e.Message}");
        }
        Listening(log, _door.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_door is null) return;
        await _door.StopAsync(cancellationToken);
        await _door.DisposeAsync();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Metrics and health at {Url}.")]
    private static partial void Listening(ILogger log, string url);
}
