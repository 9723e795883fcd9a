using System.ComponentModel;
using System.Data;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace MedGan.Storage.Backup;

/// <summary>
/// The database at one instant, while the service goes on, and the names of the objects it counts on: SQLite's own online backup, or
/// pg_dump on a snapshot that this process holds.
/// </summary>
internal static class DatabaseDump
{
    private const string Names = "SELECT \"Name\" FROM \"StoredObjects\" ORDER BY \"StoredAt\" DESC";

    /// <summary>Writes the dump to a file.</summary>
    /// <returns>The names of the stored objects at that instant, the newest first: those are the ones that may soon be replaced.</returns>
    public static Task<IReadOnlyList<string>> WriteAsync(StorageOptions options, string file, CancellationToken ct) =>
        options.Postgres is { } server ? WritePostgresAsync(server, file, ct) : WriteSqliteAsync(options.DatabasePath, file, ct);

    /// <summary>Refuses a database that has something in it already.</summary>
    public static async Task RequireEmptyAsync(StorageOptions options, CancellationToken ct)
    {
        if (options.Postgres is not { } server)
        {
            if (File.Exists(options.DatabasePath)) throw new BackupException($"{options.DatabasePath} is there already; restore into an empty data folder.");
            return;
        }
        await using var connection = await OpenAsync(server, ct);
        await using var command = new NpgsqlCommand("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'", connection);
        if ((long)(await command.ExecuteScalarAsync(ct))! > 0) throw new BackupException("The database of MedGan:Database has tables already; restore into an empty one.");
    }

    /// <summary>Puts a dump in the place of the empty database, whole or not at all.</summary>
    public static async Task RestoreAsync(StorageOptions options, string file, CancellationToken ct)
    {
        if (options.Postgres is { } server)
        {
            await RunAsync(server, "pg_restore", ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", "--dbname", new NpgsqlConnectionStringBuilder(server).Database!, file], ct);
            return;
        }
        await using var source = File.OpenRead(file);
        await BackupFolder.CopyAsync(source, options.DatabasePath, ct);
    }

    private static async Task<IReadOnlyList<string>> WriteSqliteAsync(string database, string file, CancellationToken ct)
    {
        if (!File.Exists(database)) throw new BackupException($"There is no database {database}: name the data folder of a service with --data.");
        var temporary = file + ".new";
        File.Delete(temporary);
        await using (OwnFiles.Create(temporary)) { }
        await using (var source = new SqliteConnection($"Data Source={database};Mode=ReadWrite;Pooling=False"))
        await using (var target = new SqliteConnection($"Data Source={temporary};Pooling=False"))
        {
            await source.OpenAsync(ct);
            await target.OpenAsync(ct);
            source.BackupDatabase(target);
            await using var plain = target.CreateCommand();
            plain.CommandText = "PRAGMA journal_mode = DELETE"; // one file, without a log beside it
            await plain.ExecuteNonQueryAsync(ct);
        }
        File.Move(temporary, file, overwrite: true);
        await using var copy = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        await copy.OpenAsync(ct);
        await using var command = copy.CreateCommand();
        command.CommandText = Names;
        await using var reader = await command.ExecuteReaderAsync(ct);
        var names = new List<string>();
        while (await reader.ReadAsync(ct)) names.Add(reader.GetString(0));
        return names;
    }

    private static async Task<IReadOnlyList<string>> WritePostgresAsync(string server, string file, CancellationToken ct)
    {
        await using var connection = await OpenAsync(server, ct);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        await using var export = new NpgsqlCommand("SELECT pg_export_snapshot()", connection, transaction);
        var snapshot = (string)(await export.ExecuteScalarAsync(ct))!;
        // The scheduler's rows are turns to come; workers make them anew from the jobs' rows.
        var temporary = file + ".new";
        await RunAsync(server, "pg_dump", ["--format=custom", $"--snapshot={snapshot}", "--exclude-table-data=*qrtz_*", $"--file={temporary}"], ct);
        File.Move(temporary, file, overwrite: true);
        var names = new List<string>();
        await using var command = new NpgsqlCommand(Names, connection, transaction);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) names.Add(reader.GetString(0));
        return names;
    }

    private static async Task<NpgsqlConnection> OpenAsync(string server, CancellationToken ct)
    {
        var connection = new NpgsqlConnection(server);
        try
        {
            await connection.OpenAsync(ct);
            return connection;
        }
        catch (NpgsqlException e)
        {
            await connection.DisposeAsync();
            throw new BackupException("The database of MedGan:Database cannot be reached.", e);
        }
    }

    /// <summary>Runs one of PostgreSQL's programs. The password goes through the environment, which other accounts cannot see.</summary>
    private static async Task RunAsync(string server, string program, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var at = new NpgsqlConnectionStringBuilder(server);
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in new[] { ("PGHOST", at.Host), ("PGPORT", at.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("PGUSER", at.Username), ("PGDATABASE", at.Database), ("PGPASSWORD", at.Password) })
        {
            if (!string.IsNullOrEmpty(value)) start.Environment[name] = value;
        }
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            if (process.ExitCode != 0) throw new BackupException($"{program} ended with {process.ExitCode}: {(await errors).ReplaceLineEndings(" ").Trim()}");
        }
        catch (Win32Exception e)
        {
            throw new BackupException($"{program} is not installed; it comes with PostgreSQL's client programs, in a version that is not older than the server.", e);
        }
    }
}
