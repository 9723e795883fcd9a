using MedGan.Storage.Database;
using MedGan.Storage.Queue;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;

namespace MedGan.Storage;

/// <summary>A setting cannot be used; the message is one plain sentence that names it.</summary>
public sealed class InvalidSettingException(string sentence) : Exception(sentence);

/// <summary>Where MedGan keeps what it keeps: a data folder, and a database that is a file in it or a PostgreSQL server.</summary>
public sealed class StorageOptions
{
    /// <summary>The data folder; made when absent, and closed to other accounts. Processes on several machines share it as a mounted volume.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The connection string of a PostgreSQL database; null: SQLite in the data folder, for one worker.</summary>
    public string? Postgres { get; init; }

    /// <summary>How jobs are handed out.</summary>
    public QueueOptions Queue { get; init; } = new();

    /// <summary>The section "MedGan" of the configuration, which both processes read alike (MedGan__Database=...).</summary>
    /// <exception cref="InvalidSettingException">A value cannot be used.</exception>
    public static StorageOptions Read(IConfiguration configuration, string dataFolder) => new()
    {
        DataFolder = dataFolder,
        Postgres = PostgresConnection.Read(configuration.GetSection("MedGan")),
        Queue = QueueOptions.Read(configuration.GetSection("MedGan:Queue")),
    };

    /// <summary>The records, when they are a file: projects' rows and the audit log.</summary>
    public string DatabasePath => Path.Combine(DataFolder, "medgan.db");

    /// <summary>The scheduler's own store, when it is a file.</summary>
    public string QuartzPath => Path.Combine(DataFolder, "quartz.db");

    /// <summary>De-identified instances, by content.</summary>
    public string ObjectsFolder => Path.Combine(DataFolder, "objects");

    /// <summary>Released synthetic instances, by content.</summary>
    public string ReleasedFolder => Path.Combine(DataFolder, "released");

    /// <summary>Key files, readable by their owner only.</summary>
    public string KeysFolder => Path.Combine(DataFolder, "keys");

    /// <summary>The fingerprint of the key that signs audit exports, one line.</summary>
    public string AuditFingerprintPath => Path.Combine(DataFolder, "audit-key.fingerprint");

    /// <summary>The working folder of one job: checkpoints, quarantine, previews.</summary>
    public string WorkFolder(Guid job) => Path.Combine(DataFolder, "work", job.ToString("N"));

    internal string SqliteConnection(string path) => new SqliteConnectionStringBuilder
    {
        DataSource = path,
        ForeignKeys = true,
        DefaultTimeout = 30, // seconds that a statement waits for another writer
        Pooling = true,
    }.ToString();

    internal void CreateFolders()
    {
        foreach (var folder in new[] { DataFolder, ObjectsFolder, ReleasedFolder, KeysFolder, Path.Combine(DataFolder, "work") })
        {
            OwnFiles.CreateFolder(folder);
        }
        OwnFiles.CloseFolder(DataFolder); // whatever is made below it by the process' umask
    }
}
