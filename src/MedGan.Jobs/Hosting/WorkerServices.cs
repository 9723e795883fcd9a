using System.Runtime.InteropServices;
using MedGan.Jobs.Generate;
using MedGan.Jobs.Ingest;
using MedGan.Jobs.Messages;
using MedGan.Jobs.Monai;
using MedGan.Jobs.Pacs;
using MedGan.Jobs.PrivacyGate;
using MedGan.Jobs.Publish;
using MedGan.Jobs.Train;
using MedGan.Storage;
using MedGan.Storage.Objects;
using MedGan.Storage.Pacs;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MedGan.Jobs.Hosting;

/// <summary>Everything that the worker is made of.</summary>
public static class WorkerServices
{
    /// <summary>Storage, the handlers of all stages, the loop that runs them, and the sweep of what they leave.</summary>
    public static IServiceCollection AddMedGanJobs(this IServiceCollection services, StorageOptions options, BusOptions bus, ComputeDevice device)
    {
        services.AddStages(options, device);
        services.AddMedGanWorker(
            options, (provider, kind) => ActivatorUtilities.CreateInstance<LoggedStage>(provider, Handler(provider, kind)), Describe);
        services.AddBus(bus, options.Gateway); // after the worker, whose lock keeps a second one from publishing
        return services.AddHostedService<QuarantineSweep>();
    }

    /// <summary>Storage and what the stages need, without the loop.</summary>
    internal static IServiceCollection AddStages(this IServiceCollection services, StorageOptions options, ComputeDevice device)
    {
        services.AddMedGanStorage(options);
        services.AddSingleton(device);
        services.AddSingleton<DataFiles>();
        services.AddSingleton<SyntheticSets>();
        services.AddSingleton<PacsClient>();
        if (options.Gateway is { } gateway) services.AddSingleton(gateway).AddSingleton<GatewayBucket>();
        return services;
    }

    /// <summary>
    /// Refuses a data folder that a later version has written to: its rows may mean what this version does not know.
    /// </summary>
    /// <exception cref="StartProblemException">It is of a later version.</exception>
    public static async Task RequireKnownVersionAsync(this IServiceProvider services, CancellationToken ct)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<MedGanDb>>().CreateDbContextAsync(ct);
        if ((await db.Database.GetAppliedMigrationsAsync(ct)).Except(db.Database.GetMigrations()).Any())
            throw new StartProblemException("The data folder was written by a later version of MedGan; start that version, or choose another folder with --data.");
    }

    /// <summary>A plain sentence for what may go wrong in a stage and is nobody's fault in the code; null for the rest.</summary>
    internal static string? Describe(Exception e) => e switch
    {
        ObjectDamagedException or ObjectKeyMissingException or ObjectStoreUnavailableException => e.Message,
        ExternalException when e.Message.Contains("memory", StringComparison.OrdinalIgnoreCase) =>
            "There is not enough memory for this model; use a smaller image size, width or batch, or a machine with more memory.",
        _ => null,
    };

    /// <summary>The stage that runs a kind of job.</summary>
    internal static IJobHandler Handler(IServiceProvider services, JobKind kind) => kind switch
    {
        JobKind.Ingest => ActivatorUtilities.CreateInstance<IngestJob>(services),
        JobKind.Train => ActivatorUtilities.CreateInstance<TrainJob>(services),
        JobKind.Generate => ActivatorUtilities.CreateInstance<GenerateJob>(services),
        JobKind.PrivacyGate => ActivatorUtilities.CreateInstance<PrivacyGateJob>(services),
        JobKind.Publish => ActivatorUtilities.CreateInstance<PublishJob>(services),
        JobKind.Fetch => ActivatorUtilities.CreateInstance<FetchJob>(services),
        JobKind.FetchPayload when services.GetService<GatewayBucket>() is not null => ActivatorUtilities.CreateInstance<FetchPayloadJob>(services),
        JobKind.ExportPayload when services.GetService<GatewayBucket>() is not null => ActivatorUtilities.CreateInstance<ExportPayloadJob>(services),
        JobKind.FetchPayload or JobKind.ExportPayload => throw new JobFailedException("The settings of this worker name no informatics gateway (MedGan:Monai)."),
        JobKind.Deliver => ActivatorUtilities.CreateInstance<DeliverJob>(services),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such stage."),
    };
}
