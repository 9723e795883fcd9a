using System.Net;
using System.Text.Json.Serialization;
using MedGan.Api.Audit;
using MedGan.Api.Cohorts;
using MedGan.Api.CommandLine;
using MedGan.Api.Downloads;
using MedGan.Api.Generations;
using MedGan.Api.Jobs;
using MedGan.Api.Logging;
using MedGan.Api.Network;
using MedGan.Api.Pacs;
using MedGan.Api.Problems;
using MedGan.Api.Security;
using MedGan.Api.Trainings;
using MedGan.Api.Uploads;
using MedGan.Operation;
using MedGan.Operation.Health;
using MedGan.Operation.Logs;
using MedGan.Operation.Telemetry;
using MedGan.Storage;

namespace MedGan.Api;

/// <summary>Where the service keeps its data and where it listens; port 0 is any free one.</summary>
public sealed record ServiceAddress(string DataFolder, IPAddress Listen, int Port);

/// <summary>Puts the web process together.</summary>
public static class Service
{
    private const long OrdinaryBodyBytes = 1024 * 1024;

    /// <summary>The service, ready to start: folder checked, keys read, database migrated.</summary>
    /// <exception cref="CannotStartException">With what to do about it.</exception>
    public static async Task<WebApplication> BuildAsync(ServiceAddress address, TextWriter console, IConfiguration configuration)
    {
        var settings = ServiceSettings.Read(configuration);
        var (storage, operation) = ReadOptions(configuration, address.DataFolder);
        CheckWritable(address.DataFolder);

        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(configuration);
        builder.Logging.ClearProviders().AddProvider(new ProcessLog("api", Path.Combine(address.DataFolder, "logs"), operation.JsonLog, console, TimeProvider.System));
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None); // a failed start is told in one sentence
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Critical); // its failures arrive here as exceptions
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None); // whoever asks gets the answer
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = OrdinaryBodyBytes; // uploads lift it and count for themselves
            kestrel.Listen(address, settings.Traffic, settings.Tls);
        });
        AddServices(builder.Services, settings, storage);
        builder.Services.AddMedGanHealth();
        builder.Services.AddMedGanTelemetry(operation, "medgan-api");
        var app = builder.Build();
        await app.Services.MigrateAsync();
        Configure(app, address, settings);
        return app;
    }

    private static void AddServices(IServiceCollection services, ServiceSettings settings, StorageOptions storage)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddMedGanStorage(storage);
        services.AddBearerTokens(settings.Auth, settings.Auth.AuthorityUri is null ? TokenKey.Read(storage) : null);
        services.AddSingleton(settings.Auth);
        services.AddSingleton(settings.Limits);
        services.AddSingleton<AccessTrail>();
        services.AddSingleton<JobEvents>();
        services.AddSingleton<TrainingFiles>();
        services.AddSingleton<ReleasedCatalog>();
        services.AddSingleton<QidoSearch>();
        services.AddUploads(settings.Limits);
        services.AddRequestLimits(settings.Traffic);
        services.AddProblemDetails();
        services.AddExceptionHandler<ProblemHandler>();
        services.AddHostedService<SweepAtStart>();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter());
            json.SerializerOptions.Converters.Add(new UtcTime());
        });
    }

    private static void Configure(WebApplication app, ServiceAddress address, ServiceSettings settings)
    {
        app.UseSecurityHeaders();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseTransport(address, settings.Tls, settings.Proxies);
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();

        app.MapHealth();

        var project = app.MapGroup("/projects/{project}").AddEndpointFilter(Names.CheckRouteAsync);
        project.MapUploads();
        project.MapCohorts();
        project.MapTrainings();
        project.MapGenerations();
        project.MapPacs();
        project.MapJobs();
        project.MapAudit();
        var dicomweb = project.MapGroup("/dicomweb");
        dicomweb.MapQido();
        dicomweb.MapWado();
    }

    private static (StorageOptions Storage, OperationOptions Operation) ReadOptions(IConfiguration configuration, string dataFolder)
    {
        try
        {
            return (StorageOptions.Read(configuration, dataFolder), OperationOptions.Read(configuration.GetSection("MedGan")));
        }
        catch (InvalidSettingException e)
        {
            throw new CannotStartException(e.Message, e);
        }
    }

    private static void CheckWritable(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, $".probe-{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, new byte[4096]);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException(Failure.WhyNotStarted(e, folder, port: 0)!, e);
        }
    }
}
