using MedGan.Storage.Database;
using MedGan.Storage.Objects.Stores;
using MedGan.Storage.Pacs;
using MedGan.Storage.Queue;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;

namespace MedGan.Storage;

/// <summary>A setting cannot be used; the message is one plain sentence that names it.</summary>
public sealed class InvalidSettingException(string sentence) : Exception(sentence);

/// <summary>
/// Where MedGan keeps what it keeps: records in a file of the data folder or on a PostgreSQL server, objects in the data folder or in a
/// bucket. Processes on several machines share the server and either the bucket or the folder, and the keys.
/// </summary>
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
        Pacs = PacsOptions.Read(configuration.GetSection("MedGan:Pacs")),
        Gateway = GatewayOptions.Read(configuration.GetSection("MedGan:Monai")),
        S3 = S3Settings.Read(configuration.GetSection("MedGan:Objects")),
        ObjectKeysFile = configuration["MedGan:Keys:ObjectsFile"] is { Length: > 0 } file ? file : null,
    };

    /// <summary>The picture archives that requests may name.</summary>
    public PacsOptions Pacs { get; init; } = PacsOptions.Read(new ConfigurationBuilder().Build());

    /// <summary>The informatics gateway; null: there is none.</summary>
    public GatewayOptions? Gateway { get; init; }

    /// <summary>The bucket that objects lie in; null: they lie in the data folder.</summary>
    public S3Settings? S3 { get; init; }

    /// <summary>The file of the keys that objects are sealed under (MedGan:Keys:ObjectsFile); null: objects.key beside the other keys.</summary>
    public string? ObjectKeysFile { get; init; }

    /// <summary>The records, when they are a file: projects' rows and the audit log.</summary>
    public string DatabasePath => Path.Combine(DataFolder, "medgan.db");

    /// <summary>The scheduler's own store, when it is a file.</summary>
    public string QuartzPath => Path.Combine(DataFolder, "quartz.db");

    /// <summary>Sealed objects, where they do not lie in a bucket.</summary>
    public string StoreFolder => Path.Combine(DataFolder, "store");

    /// <summary>What processes keep while they work: a folder each, removed when its process has ended.</summary>
    public string ScratchFolder => Path.Combine(DataFolder, "scratch");

    /// <summary>Key files, readable by their owner only.</summary>
    public string KeysFolder => Path.Combine(DataFolder, "keys");

    /// <summary>The fingerprint of the key that signs audit exports, one line.</summary>
    public string AuditFingerprintPath => Path.Combine(DataFolder, "audit-key.fingerprint");

    internal string SqliteConnection(string path) => new SqliteConnectionStringBuilder
    {
        DataSource = path,
        ForeignKeys = true,
        DefaultTimeout = 30, // seconds that a statement waits for another writer
        Pooling = true,
    }.ToString();

    internal void CreateFolders()
    {
        foreach (var folder in new[] { DataFolder, StoreFolder, ScratchFolder, KeysFolder })
        {
            OwnFiles.CreateFolder(folder);
        }
        OwnFiles.CloseFolder(DataFolder); // whatever is made below it by the process' umask
    }
}
