using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace MedGan.Storage.Database;

/// <summary>
/// Lets SQLite itself wait for another writer: it looks again after 1, 2, 5 ... 100 ms. Without it the provider does, every 150 ms, and
/// requests that write at the same time take as long.
/// </summary>
internal sealed class SqlitePatience : DbConnectionInterceptor
{
    private const string Pragma = "PRAGMA busy_timeout = 30000"; // as long as a statement may take

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Pragma;
        command.ExecuteNonQuery();
    }

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ConnectionOpened(connection, eventData); // it touches no file
        return Task.CompletedTask;
    }
}
