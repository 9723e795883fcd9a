using MedGan.Storage.Backup;
using MedGan.Storage.Keys;
using MedGan.Storage.Objects.Stores;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MedGan.Storage.Objects;

internal static class ObjectServices
{
    /// <summary>The stores, in the data folder or in the bucket that the options name.</summary>
    public static void AddMedGanObjects(this IServiceCollection services, StorageOptions options)
    {
        services.AddSingleton<IObjectStore>(_ => options.S3 is { } s3 ? new S3Objects(s3) : new DiskObjects(options.StoreFolder));
        services.AddSingleton<Scratch>();
        services.AddSingleton<StoreWriter>();
        services.AddSingleton<ObjectVault>();
        services.AddSingleton<PlainFiles>();
        services.AddSingleton<ObjectsStart>();
        services.AddSingleton(p => new ObjectIndex(
            p.GetRequiredService<IDbContextFactory<MedGanDb>>(), p.GetRequiredService<ObjectVault>(), p.GetRequiredService<PlainFiles>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new OrphanSweep(
            p.GetRequiredService<IDbContextFactory<MedGanDb>>(), p.GetRequiredService<IObjectStore>(), p.GetRequiredService<Scratch>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new BackupWriter(options, p.GetRequiredService<IObjectStore>()));
        services.AddSingleton(p => new BackupReader(
            options, p.GetRequiredService<IObjectStore>(), p.GetRequiredService<Scratch>(), p.GetRequiredService<IDbContextFactory<MedGanDb>>(), p.GetRequiredService<ObjectVault>()));
        services.AddSingleton<CohortStore>();
        services.AddSingleton<ReleaseStore>();
    }
}
