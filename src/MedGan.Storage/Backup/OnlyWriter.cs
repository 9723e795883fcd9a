using System.Data.Common;
using MedGan.Storage.Database;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace MedGan.Storage.Backup;

/// <summary>The lock that every writer takes: as long as it is held, nothing is named, replaced or removed. Others wait.</summary>
internal sealed class OnlyWriter : IAsyncDisposable
{
    private readonly DbConnection _connection;
    private readonly DbTransaction _transaction;

    private OnlyWriter(DbConnection connection, DbTransaction transaction) => (_connection, _transaction) = (connection, transaction);

    public static async Task<OnlyWriter> TakeAsync(StorageOptions options, CancellationToken ct)
    {
        if (options.Postgres is null)
        {
            var file = new SqliteConnection($"Data Source={options.DatabasePath};Mode=ReadWrite;Pooling=False;Default Timeout=60");
            await file.OpenAsync(ct);
            return new OnlyWriter(file, file.BeginTransaction(deferred: false)); // BEGIN IMMEDIATE
        }
        var server = new NpgsqlConnection(options.Postgres);
        await server.OpenAsync(ct);
        var transaction = await server.BeginTransactionAsync(ct);
        await using var take = new NpgsqlCommand(SingleWriter.Lock, server, transaction) { CommandTimeout = 60 };
        await take.ExecuteNonQueryAsync(ct);
        return new OnlyWriter(server, transaction);
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
