using Microsoft.Data.Sqlite;

namespace MedGan.Storage;

/// <summary>The disk that holds the data folder has no room left.</summary>
public sealed class StorageFullException(Exception inner) : IOException(DiskFull.Sentence, inner);

internal static class DiskFull
{
    public const string Sentence = "The disk that holds the data folder is full; free some space and try again.";
    private const int SqliteFull = 13; // SQLITE_FULL

    private const int NoSpace = 28; // ENOSPC
    private const int Quota = 122; // EDQUOT
    private const int WindowsDiskFull = unchecked((int)0x80070070); // ERROR_DISK_FULL

    /// <summary>Whether a full disk is behind the exception: of a file, or of the database.</summary>
    public static bool IsCauseOf(Exception? e) => e switch
    {
        null => false,
        IOException io when Is(io) => true,
        SqliteException { SqliteErrorCode: SqliteFull } => true,
        Npgsql.PostgresException { SqlState: Npgsql.PostgresErrorCodes.DiskFull } => true,
        _ => IsCauseOf(e.InnerException),
    };

    private static bool Is(IOException e) => e is StorageFullException || e.HResult is NoSpace or Quota or WindowsDiskFull;
}
