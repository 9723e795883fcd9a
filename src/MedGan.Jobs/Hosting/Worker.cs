using MedGan.Jobs.Messages;
using MedGan.Operation;
using MedGan.Operation.Health;
using MedGan.Operation.Logs;
using MedGan.Operation.Telemetry;
using MedGan.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MedGan.Jobs.Hosting;

/// <summary>The worker process: runs queued jobs until it is told to stop. Exit codes: 0 stopped, 1 broke, 2 cannot run here.</summary>
public static partial class Worker
{
    /// <summary>Says how the program is started.</summary>
    public static int WrongUse(TextWriter errors)
    {
        errors.WriteLine("Use: MedGan.Jobs --data DIR   (DIR: the data folder that the API was started with)");
        return 2;
    }

    /// <summary>Runs until SIGTERM, Ctrl-C or <paramref name="ct"/>.</summary>
    /// <param name="dataFolder">The data folder that the API was started with.</param>
    /// <param name="configuration">The section "MedGan" as the API reads it.</param>
    /// <param name="errors">Standard error.</param>
    /// <param name="ct">Stops the worker in good order.</param>
    public static async Task<int> RunAsync(string dataFolder, IConfiguration configuration, TextWriter errors, CancellationToken ct)
    {
        try
        {
            var host = Build(
                StorageOptions.Read(configuration, dataFolder), BusOptions.Read(configuration.GetSection("MedGan:Bus")), OperationOptions.Read(configuration.GetSection("MedGan")), LoadDevice(configuration["MedGan:Device"]), errors);
            await using var services = (IAsyncDisposable)host;
            await host.Services.MigrateAsync(ct);
            await host.Services.RequireKnownVersionAsync(ct);
            if (!await host.StartUnlessStoppedAsync(ct)) return 0;
            var device = host.Services.GetRequiredService<ComputeDevice>().Software;
            // Only now: whoever reads this may tell the worker to stop, and from the host's start on it does so in good order.
            Ready(host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("MedGan.Jobs"), device.Device, device.Threads, device.Libtorch);
            await host.WaitForShutdownAsync(ct);
            // A loop that broke has stopped the host; whoever keeps the worker running then starts it again.
            return host.Services.GetServices<IHostedService>().OfType<BackgroundService>().Any(s => s.ExecuteTask?.IsFaulted == true) ? 1 : 0;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception e) when (StartProblem.Describe(e, dataFolder) is { } sentence)
        {
            await errors.WriteLineAsync(sentence);
            return 2;
        }
    }

    private static IHost Build(StorageOptions options, BusOptions bus, OperationOptions operation, ComputeDevice device, TextWriter errors)
    {
        // Not the host's own configuration sources: what the worker takes is in StorageOptions already.
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(new ProcessLog("worker", Path.Combine(options.DataFolder, "logs"), operation.JsonLog, errors, TimeProvider.System));
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("MedGan", LogLevel.Information);
        builder.Logging.AddFilter("MassTransit", LogLevel.Critical); // a broker that is away is told once, by the outbox
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None); // whoever asks gets the answer
        builder.Services.AddMedGanJobs(options, bus, device);
        builder.Services.AddMedGanHealth().AddCheck<BrokerHealth>("broker");
        builder.Services.AddMedGanTelemetry(operation, "medgan-worker", "MassTransit");
        return builder.Build();
    }

    private static ComputeDevice LoadDevice(string? wanted)
    {
        try
        {
            return ComputeDevice.Choose(wanted);
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw new StartProblemException(LibraryProblem(e), e);
        }
    }

    /// <summary>The loader knows best what is missing; without its word, it is libtorch.</summary>
    private static string LibraryProblem(Exception e) => e switch
    {
        DllNotFoundException missing => missing.Message.ReplaceLineEndings(" "),
        { InnerException: { } inner } => LibraryProblem(inner),
        _ => "libtorch cannot be loaded; install it with: apt-get install libtorch1.13 libopenblas0-openmp",
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Ready on {Device} with {Threads} threads, {Libtorch}.")]
    private static partial void Ready(ILogger log, string device, int threads, string libtorch);
}
