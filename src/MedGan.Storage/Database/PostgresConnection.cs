using Microsoft.Extensions.Configuration;
using Npgsql;

namespace MedGan.Storage.Database;

/// <summary>The setting "MedGan:Database" (or "MedGan:DatabaseFile", a mounted secret): an Npgsql connection string.</summary>
internal static class PostgresConnection
{
    /// <summary>The connection string with this program's own needs added; null where none is set.</summary>
    /// <exception cref="InvalidSettingException">It cannot be read as one.</exception>
    public static string? Read(IConfiguration section)
    {
        var text = section["Database"];
        if (section["DatabaseFile"] is { Length: > 0 } file) text = SecretFile.Read(file, "MedGan:DatabaseFile", "connection string");
        if (string.IsNullOrWhiteSpace(text)) return null;
        NpgsqlConnectionStringBuilder built;
        try
        {
            built = new NpgsqlConnectionStringBuilder(text.Trim());
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidOperationException)
        {
            throw Invalid(); // e may quote the password
        }
        if (string.IsNullOrEmpty(built.Host) || string.IsNullOrEmpty(built.Database)) throw Invalid();
        if (!built.ContainsKey("Application Name") || string.IsNullOrEmpty(built.ApplicationName)) built.ApplicationName = "MedGan";
        if (built.KeepAlive == 0) built.KeepAlive = 10; // seconds: a listening connection notices that the server has gone
        return built.ToString();
    }

    /// <summary>Host and database, for messages; never the password.</summary>
    public static string Describe(string connection)
    {
        var built = new NpgsqlConnectionStringBuilder(connection);
        return $"{built.Database} on {built.Host}:{built.Port}";
    }

    private static InvalidSettingException Invalid() => new(
        "MedGan:Database is no connection string of PostgreSQL: it looks like Host=db;Database=medgan;Username=medgan;Password=... and is left out for SQLite in the data folder.");
}
