using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace MedGan.Storage.Database;

/// <summary>Failures of the database that pass by themselves: it restarts, the network breaks, another writer takes long.</summary>
public static class Transient
{
    private const int Busy = 5, Locked = 6; // SQLITE_BUSY, SQLITE_LOCKED
    private const string IdleInTransaction = "25P03"; // idle_in_transaction_session_timeout

    /// <summary>What people are told.</summary>
    public const string Sentence = "The database cannot be reached at the moment.";

    /// <summary>Whether such a failure is behind the exception.</summary>
    public static bool IsCauseOf(Exception? e) => e switch
    {
        null => false,
        PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable or IdleInTransaction } => true,
        NpgsqlException { IsTransient: true } => true,
        NpgsqlException { InnerException: IOException or SocketException or TimeoutException } => true,
        SqliteException { SqliteErrorCode: Busy or Locked } => true,
        _ => IsCauseOf(e.InnerException),
    };
}
