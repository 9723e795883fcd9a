using System.Diagnostics;
using MedGan.Storage.Objects.Stores;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MedGan.Storage.Tests;

/// <summary>A migrated data folder of a test's own, removed at its end.</summary>
public sealed class DataFolder : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private DataFolder(StorageOptions options)
    {
        Options = options;
        _services = new ServiceCollection().AddMedGanStorage(Options).AddLogging().BuildServiceProvider();
    }

    public StorageOptions Options { get; }
    public string Path => Options.DataFolder;

    /// <summary>The usual settings, in less time.</summary>
    private static QueueOptions Quick => new()
    {
        DispatchInterval = TimeSpan.FromMilliseconds(50),
        LeaseInterval = TimeSpan.FromMilliseconds(100),
        LeaseTimeout = TimeSpan.FromSeconds(5),
        RetryDelay = TimeSpan.FromMilliseconds(20),
    };

    public static StorageOptions OptionsFor(string path, string? postgres = null, QueueOptions? queue = null, S3Settings? bucket = null) =>
        new() { DataFolder = path, Postgres = postgres, Queue = queue ?? Quick, S3 = bucket };

    /// <summary>With SQLite, or with the PostgreSQL database of a connection string.</summary>
    public static async Task<DataFolder> CreateAsync(string? postgres = null, QueueOptions? queue = null, S3Settings? bucket = null)
    {
        var folder = Empty(postgres, queue, bucket);
        await folder.MigrateAsync();
        return folder;
    }

    /// <summary>The same, with nothing in it yet.</summary>
    public static DataFolder Empty(string? postgres = null, QueueOptions? queue = null, S3Settings? bucket = null) =>
        new(OptionsFor(Directory.CreateTempSubdirectory("medgan-storage-").FullName, postgres, queue, bucket));

    public Task MigrateAsync() => _services.MigrateAsync();

    /// <summary>The services of another process on the same folder, as far as storage can tell.</summary>
    public ServiceProvider Second() => new ServiceCollection().AddMedGanStorage(Options).AddLogging().BuildServiceProvider();

    /// <summary>The objects in the store, and what is on its way there.</summary>
    public IReadOnlyList<string> Objects() => [.. new[] { Options.StoreFolder, Options.ScratchFolder }.Where(Directory.Exists)
        .SelectMany(f => Directory.GetFiles(f, "*", SearchOption.AllDirectories)).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public MedGanDb Db() => Get<IDbContextFactory<MedGanDb>>().CreateDbContext();

    public async Task<JobRecord> JobAsync(Guid id)
    {
        await using var db = Db();
        return await db.Jobs.AsNoTracking().SingleAsync(j => j.Id == id);
    }

    public async Task<IReadOnlyList<string>> AuditAsync()
    {
        await using var db = Db();
        return await db.AuditLeaves.AsNoTracking().OrderBy(l => l.Index).Select(l => l.LeafJson).ToListAsync();
    }

    /// <summary>Waits for a condition; fails the test when it does not come within the time.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, int seconds = 120)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed.TotalSeconds < seconds, $"what the test waits for did not come within {seconds} s");
            await Task.Delay(20);
        }
    }

    /// <summary>Starts this test program as another process.</summary>
    public static Process StartSelf(params string[] arguments)
    {
        var start = new ProcessStartInfo(System.IO.Path.Combine(AppContext.BaseDirectory, "MedGan.Storage.Tests"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start) ?? throw new InvalidOperationException("the test program did not start");
    }

    /// <summary>Starts this test program as a worker on this folder.</summary>
    public Process StartWorker() => StartSelf(["worker", Path, .. Options.Postgres is { } postgres ? new[] { postgres } : []]);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(Path, recursive: true);
    }
}
