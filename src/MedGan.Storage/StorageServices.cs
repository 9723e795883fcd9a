using MedGan.Storage.Audit;
using MedGan.Storage.Database;
using MedGan.Storage.Intake;
using MedGan.Storage.Keys;
using MedGan.Storage.Objects;
using MedGan.Storage.Outbox;
using MedGan.Storage.Pacs;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Quartz;

namespace MedGan.Storage;

/// <summary>Registers the storage of one data folder.</summary>
public static class StorageServices
{
    /// <summary>Records, objects, keys, audit log and queue, for either process. Call <see cref="MigrateAsync"/> before first use.</summary>
    public static IServiceCollection AddMedGanStorage(this IServiceCollection services, StorageOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<KeyRing>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<AuditExport>();
        services.AddSingleton<JobQueue>();
        services.AddSingleton<JobWatch>();
        services.AddSingleton<SyntheticSetRequests>();
        services.AddSingleton<StudyIntake>();
        services.AddSingleton<OutboxStore>();
        services.AddMedGanObjects(options);
        services.AddSingleton(options.Pacs);
        services.AddSingleton(p => new StudyFetches(p.GetRequiredService<ObjectIndex>(), p.GetRequiredService<JobQueue>(), p.GetRequiredService<IDbContextFactory<MedGanDb>>()));
        services.AddDbContextFactory<MedGanDb>(db => Configure(db, options));
        return services;
    }

    /// <summary>The worker: runs queued jobs with the handlers made by <paramref name="createHandler"/>, in a scope per job.</summary>
    /// <param name="services">Services with <see cref="AddMedGanStorage"/>.</param>
    /// <param name="options">The same options.</param>
    /// <param name="createHandler">Makes the handler of a kind of job.</param>
    /// <param name="describe">A plain sentence for an exception kind of the caller's; null for what it does not know.</param>
    public static IServiceCollection AddMedGanWorker(
        this IServiceCollection services, StorageOptions options, Func<IServiceProvider, JobKind, IJobHandler> createHandler, Func<Exception, string?>? describe = null)
    {
        services.AddSingleton(new JobHandlers(createHandler, e => describe?.Invoke(e) ?? PlainSentences.Of(e)));
        if (options.Postgres is null) services.AddHostedService<WorkerLock>(); // first: a second worker ends here, before it touches the scheduler's store
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(s =>
            {
                s.ShutdownJobInterruption = ShutdownJobInterruption.Always;
                s.IdleWaitTime = TimeSpan.FromSeconds(1); // how soon a job held back by its group's limit is looked at again
                s.DefaultMisfireHandling = DefaultMisfireHandling.IgnoreMisfires; // a job waits for its turn as long as it must
            });
            quartz.UseDefaultThreadPool(Math.Max(1, options.Queue.GpuSlots + options.Queue.CpuSlots));
            quartz.UseExecutionLimits(limits => limits
                .ForGroup(WorkQueues.Group(WorkQueue.Gpu), options.Queue.GpuSlots).ForGroup(WorkQueues.Group(WorkQueue.Cpu), options.Queue.CpuSlots));
            quartz.UsePersistentStore(store => ConfigureScheduler(store, options));
        });
        services.AddQuartzHostedService(q => q.WaitForJobsToComplete = true);
        services.AddHostedService<QueueDispatcher>();
        services.AddHostedService<SweepAtStart>();
        return services;
    }

    /// <summary>Makes the folders and brings the database to this version's schema. Safe from two processes at once.</summary>
    /// <exception cref="StorageFullException">No room is left.</exception>
    /// <exception cref="StorageUnavailableException">The folder cannot be written, or its database is damaged.</exception>
    /// <exception cref="DatabaseUnavailableException">The database server cannot be reached, or does not let this user in.</exception>
    public static async Task MigrateAsync(this IServiceProvider services, CancellationToken ct = default)
    {
        await Migrations.MigrateAsync(services.GetRequiredService<StorageOptions>(), services.GetRequiredService<IDbContextFactory<MedGanDb>>(), ct);
        await services.GetRequiredService<ObjectsStart>().CheckAsync(ct);
    }

    private static void ConfigureScheduler(IPersistentStoreBuilder store, StorageOptions options)
    {
        if (options.Postgres is { } postgres)
        {
            store.UsePostgres(postgres);
            store.UseClustering(cluster =>
            {
                cluster.CheckinInterval = TimeSpan.FromSeconds(3);
                cluster.CheckinMisfireThreshold = TimeSpan.FromSeconds(6);
            });
        }
        else store.UseSqlite(options.SqliteConnection(options.QuartzPath));
        store.ProvisionSchema();
        store.ConfigureStore(o =>
        {
            // A turn is never late: it asks for misfires to be ignored. The turn of a worker that died is made again by Quartz as one
            // that is late from the start, so how soon these are looked for is how soon another worker takes its job.
            o.MisfireThreshold = TimeSpan.FromSeconds(1);
            o.MisfireHandlerFrequency = TimeSpan.FromSeconds(2);
        });
    }

    internal static void Configure(DbContextOptionsBuilder db, StorageOptions options) =>
        (options.Postgres is { } postgres
            ? db.UseNpgsql(postgres).AddInterceptors(new SingleWriter(), new JobNotices())
            : db.UseSqlite(options.SqliteConnection(options.DatabasePath)).AddInterceptors(new SqlitePatience()))
        // Without the design package there is no model snapshot to compare with;
        // a test compares the migrated schema with the model's instead.
        .ConfigureWarnings(w => w
            .Ignore(RelationalEventId.PendingModelChangesWarning)
            .Log((RelationalEventId.CommandExecuted, LogLevel.Debug))); // a worker looks for jobs several times a second
}
