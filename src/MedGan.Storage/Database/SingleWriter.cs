using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace MedGan.Storage.Database;

/// <summary>
/// Lets one transaction at a time begin on PostgreSQL, as BEGIN IMMEDIATE does on SQLite: audit indices then have no gaps, and whoever
/// looks and then writes sees nothing change in between. What only reads opens no transaction.
/// </summary>
internal sealed class SingleWriter : DbTransactionInterceptor
{
    // The lock is the transaction's and ends with it. A writer that was paused is thrown out by the server, so that it cannot hold up everybody.
    private const string Take = "SET LOCAL lock_timeout = '30s'; SET LOCAL idle_in_transaction_session_timeout = '30s'; " + Lock;

    /// <summary>Takes the lock until the transaction ends.</summary>
    internal const string Lock = "SELECT pg_advisory_xact_lock(5567444)";

    public override DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result)
    {
        using var command = Command(connection, result);
        command.ExecuteNonQuery();
        return result;
    }

    public override async ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        await using var command = Command(connection, result);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return result;
    }

    private static DbCommand Command(DbConnection connection, DbTransaction transaction)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = Take;
        return command;
    }
}
