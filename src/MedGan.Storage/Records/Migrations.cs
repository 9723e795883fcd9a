using System.Net.Sockets;
using MedGan.Storage.Database;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace MedGan.Storage.Records;

/// <summary>Makes the data folder, and brings the database to this version's schema.</summary>
internal static class Migrations
{
    private const int Corrupt = 11, NotADatabase = 26; // SQLITE_CORRUPT, SQLITE_NOTADB

    public static async Task MigrateAsync(StorageOptions options, IDbContextFactory<MedGanDb> dbs, CancellationToken ct)
    {
        try
        {
            options.CreateFolders();
            if (options.Postgres is null) await ApplyAsync(options, dbs, ct);
            else await ApplyOnServerAsync(dbs, ct);
        }
        catch (Exception e) when (DiskFull.IsCauseOf(e))
        {
            throw new StorageFullException(e);
        }
        catch (Exception e) when (options.Postgres is { } server && WhyNot(e) is { } why)
        {
            throw new DatabaseUnavailableException($"The database {PostgresConnection.Describe(server)} {why}", e);
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

    /// <summary>The server's session lock keeps processes apart that start at once; it ends with the connection, however that ends.</summary>
    private static async Task ApplyOnServerAsync(IDbContextFactory<MedGanDb> dbs, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        await db.Database.OpenConnectionAsync(ct);
        await db.Database.ExecuteSqlRawAsync("SELECT pg_advisory_lock(5567445)", ct);
        try
        {
            await db.Database.MigrateAsync(ct);
        }
        finally
        {
            await db.Database.ExecuteSqlRawAsync("SELECT pg_advisory_unlock(5567445)", CancellationToken.None);
        }
    }

    private static string? WhyNot(Exception? e) => e switch
    {
        null => null,
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
            "does not accept the user and password of MedGan:Database; correct them.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => "does not exist; create it, or correct MedGan:Database.",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } => "does not let its user create tables; make that user its owner.",
        NpgsqlException { InnerException: SocketException or TimeoutException or IOException } or NpgsqlException { IsTransient: true } =>
            "cannot be reached; start the server, or correct MedGan:Database.",
        _ => WhyNot(e.InnerException),
    };

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
