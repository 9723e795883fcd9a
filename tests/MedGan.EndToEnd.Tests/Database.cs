using Npgsql;
using Xunit;

namespace MedGan.EndToEnd.Tests;

/// <summary>Looks into the service's PostgreSQL database, past the service.</summary>
internal static class Database
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A connection of its own: one of a pool may be of a server that was killed since.</summary>
    public static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(Ct);
        return connection;
    }

    /// <summary>The first column of what a query gives.</summary>
    public static async Task<List<string>> RowsAsync(NpgsqlConnection db, string query)
    {
        await using var command = new NpgsqlCommand(query, db);
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var rows = new List<string>();
        while (await reader.ReadAsync(Ct)) rows.Add(reader.GetString(0));
        return rows;
    }
}
