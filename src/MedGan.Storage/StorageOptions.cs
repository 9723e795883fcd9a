using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;

namespace MedGan.Storage;

/// <summary>Where MedGan keeps everything it keeps: one folder on a local disk.</summary>
public sealed class StorageOptions
{
    /// <summary>The data folder; made when absent, and closed to other accounts.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The section "MedGan" of the configuration, which both processes read alike (MedGan__Database=...).</summary>
    public static StorageOptions Read(IConfiguration configuration, string dataFolder) => new() { DataFolder = dataFolder };

    /// <summary>How often a worker looks for newly queued rows.</summary>
    public TimeSpan DispatchInterval { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>How often a running job looks for a cancel request and writes its heartbeat.</summary>
    public TimeSpan LeaseInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a job may be started before it is given up (a worker that crashes has started it).</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>The records: projects' rows and the audit log.</summary>
    public string DatabasePath => Path.Combine(DataFolder, "medgan.db");

    /// <summary>The scheduler's own store.</summary>
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

    internal string ConnectionString(string path) => new SqliteConnectionStringBuilder
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
