using Microsoft.EntityFrameworkCore;

namespace MedGan.Storage.Records;

/// <summary>Brings a data folder's database to this version's schema.</summary>
internal static class Migrations
{
    public static async Task MigrateAsync(StorageOptions options, IDbContextFactory<MedGanDb> dbs, CancellationToken ct)
    {
        options.CreateFolders();
        await using var held = await LockAsync(Path.Combine(options.DataFolder, "migrate.lock"), ct);
        await using var db = await dbs.CreateDbContextAsync(ct);
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", ct);
        // EF's own lock row outlives a process killed while migrating. The file lock is held, so the row is nobody's.
        await db.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", ct);
        await db.Database.MigrateAsync(ct);
    }

    private static async Task<FileStream> LockAsync(string path, CancellationToken ct)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (!DiskFull.IsCauseOf(e) && attempt < 600)
            {
                await Task.Delay(50, ct); // the other process is migrating
            }
        }
    }
}
