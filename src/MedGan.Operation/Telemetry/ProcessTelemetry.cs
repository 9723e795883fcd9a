using MedGan.Storage.Queue;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MedGan.Operation.Telemetry;

/// <summary>Metrics and traces of a process: ours, those of the web server and the runtime, and those that libraries bring.</summary>
public static class ProcessTelemetry
{
    // Seconds. Requests are short, jobs are not.
    private static readonly double[] JobSeconds = [0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000];

    /// <summary>Registers what the options ask for, and nothing where they ask for nothing.</summary>
    /// <param name="services">Of the process.</param>
    /// <param name="options">Checked options.</param>
    /// <param name="process">"medgan-api", "medgan-worker".</param>
    /// <param name="sources">Activity sources and meters of libraries, by name.</param>
    public static IServiceCollection AddMedGanTelemetry(this IServiceCollection services, OperationOptions options, string process, params string[] sources)
    {
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource
            .AddService(process, serviceVersion: typeof(ProcessTelemetry).Assembly.GetName().Version?.ToString(3), serviceInstanceId: $"{Environment.MachineName}:{Environment.ProcessId}"));
        if (options.MetricsPort is not null)
        {
            telemetry.WithMetrics(metrics => metrics
                .AddMeter(QueueTelemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql").AddMeter(sources)
                .AddView("medgan.job.duration", new ExplicitBucketHistogramConfiguration { Boundaries = JobSeconds })
                .AddView("medgan.job.wait", new ExplicitBucketHistogramConfiguration { Boundaries = JobSeconds })
                .AddPrometheusExporter());
            services.AddHostedService<QueueGauges>();
            services.AddHostedService<MetricsDoor>();
        }
        if (options.TracesEndpoint is { } endpoint)
        {
            telemetry.WithTracing(traces => traces
                .AddAspNetCoreInstrumentation(web => web.Filter = request => !request.Request.Path.StartsWithSegments("/health"))
                .AddSource(QueueTelemetry.Name).AddSource(sources)
                .AddOtlpExporter(otlp => (otlp.Protocol, otlp.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new Uri(endpoint, "v1/traces"))));
        }
        return services.AddSingleton(options);
    }
}
