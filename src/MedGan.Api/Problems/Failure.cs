using System.Net.Sockets;
using MedGan.Storage;
using MedGan.Storage.Objects;
using Microsoft.AspNetCore.Connections;
using Microsoft.Data.Sqlite;

namespace MedGan.Api.Problems;

/// <summary>The service cannot run; the message is the one sentence that says what to do.</summary>
public sealed class CannotStartException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Tells the system's failures apart.</summary>
public static class Failure
{
    private const int NoSpaceLeft = 28, QuotaExceeded = 122;           // errno ENOSPC, EDQUOT on Linux
    private const long LeastRoom = 256 * 1024;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int SqliteFull = 13, SqliteReadOnly = 8, SqliteCannotOpen = 14, SqliteIo = 10, SqliteNotADatabase = 26, SqliteCorrupt = 11;

    /// <summary>Whether the cause is a full disk, here or in SQLite.</summary>
    public static bool IsDiskFull(Exception exception) => Causes(exception).Any(e => e switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode == SqliteFull,
        StorageFullException => true,
        IOException io => io.HResult is NoSpaceLeft or QuotaExceeded or WindowsDiskFull,
        _ => false,
    });

    /// <summary>One plain sentence on why the service did not start and what to do, or null where the cause is unknown.</summary>
    public static string? WhyNotStarted(Exception exception, string dataFolder, int port)
    {
        if (Causes(exception).OfType<CannotStartException>().FirstOrDefault() is { } plain)
        {
            return plain.Message;
        }
        if (IsDiskFull(exception) || (Causes(exception).OfType<SqliteException>().Any(e => e.SqliteErrorCode == SqliteIo) && HasNoRoom(dataFolder)))
        {
            return $"The disk that holds {dataFolder} is full: free some space, or choose another folder with --data.";
        }
        // A general cause may wrap a particular one, so the particular ones are looked for first.
        var causes = Causes(exception).ToList();
        return causes.Select(cause => cause switch
        {
            AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } =>
                $"Port {port} is taken by another program: stop that program, or choose another port with --port.",
            SocketException { SocketErrorCode: SocketError.AccessDenied } =>
                $"Port {port} may not be opened by this user: choose a port from 1024 on with --port.",
            SqliteException { SqliteErrorCode: SqliteNotADatabase or SqliteCorrupt } =>
                $"The database in {dataFolder} is damaged: put back a backup of the folder, or choose another one with --data.",
            DatabaseUnavailableException unavailable => unavailable.Message,
            StorageUnavailableException { InnerException: ObjectStoreUnavailableException or FormatException } objects => objects.Message,
            InvalidSettingException setting => setting.Message,
            _ => null,
        }).FirstOrDefault(sentence => sentence is not null)
            ?? (causes.Exists(IsUnwritable)
                ? $"The data folder {dataFolder} cannot be written: make it writable for the user who runs MedGan, or choose another one with --data."
                : null);
    }

    /// <summary>SQLite tells a disk too full to map its index only as an I/O error.</summary>
    private static bool HasNoRoom(string folder) => new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace < LeastRoom;

    private static bool IsUnwritable(Exception cause) =>
        cause is UnauthorizedAccessException or IOException or SqliteException { SqliteErrorCode: SqliteReadOnly or SqliteCannotOpen or SqliteIo };

    private static IEnumerable<Exception> Causes(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            yield return exception;
        }
    }
}
