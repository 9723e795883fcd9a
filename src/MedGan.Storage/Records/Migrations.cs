using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Storage.Records;

/// <summary>Brings a data folder's database to this version's schema.</summary>
internal static class Migrations
{
    private const int Corrupt = 11, NotADatabase = 26; // SQLITE_CORRUPT, SQLITE_NOTADB

    public static async Task MigrateAsync(StorageOptions options, IDbContextFactory<MedGanDb> dbs, CancellationToken ct)
    {
        try
        {
            options.CreateFolders();
            await ApplyAsync(options, dbs, ct);
        }
        catch (Exception e) when (DiskFull.IsCauseOf(e))
        {
            throw new StorageFullException(e);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is Corrupt or NotADatabase)
        {
            throw new StorageUnavailableException($"The database {options.DatabasePath} is damaged; restore it from a backup, or choose another data folder.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new StorageUnavailableException($"The data folder {options.DataFolder} cannot be written; choose another one, or give this user the right to write there.", e);
        }
    }

    private static async Task ApplyAsync(StorageOptions options, IDbContextFactory<MedGanDb> dbs, CancellationToken ct)
    {
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
            catch (IOException e) when (e is not DirectoryNotFoundException && !DiskFull.IsCauseOf(e) && attempt < 600)
            {
                await Task.Delay(50, ct); // the other process is migrating
            }
        }
    }
}
