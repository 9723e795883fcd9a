using MedGan.Storage;
using MedGan.Storage.Queue;
using Microsoft.Data.Sqlite;

namespace MedGan.Jobs.Hosting;

/// <summary>The worker cannot run here, for a reason that a person can do something about.</summary>
public sealed class StartProblemException(string plainSentence, Exception? inner = null) : Exception(plainSentence, inner);

/// <summary>Translates what may go wrong at start into one plain sentence each.</summary>
internal static class StartProblem
{
    /// <summary>The sentence; null for what is a fault of ours.</summary>
    public static string? Describe(Exception e, string dataFolder) => e switch
    {
        StartProblemException or InvalidSettingException or WorkerAlreadyRunningException or StorageUnavailableException or DatabaseUnavailableException or StorageFullException => e.Message,
        UnauthorizedAccessException => $"The data folder {dataFolder} cannot be written to; choose another with --data, or change its owner.",
        SqliteException { SqliteErrorCode: 8 or 14 } => $"The database in {dataFolder} cannot be written to; choose another folder with --data, or change its owner.",
        SqliteException { SqliteErrorCode: 11 or 26 } => $"The database in {dataFolder} is damaged; restore it from a backup, or choose another folder with --data.",
        IOException => $"The data folder {dataFolder} cannot be used; see that it is a folder on a disk with room left, or choose another with --data.",
        _ => e.InnerException is { } inner ? Describe(inner, dataFolder) : null,
    };
}
