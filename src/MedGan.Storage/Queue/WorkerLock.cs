using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace MedGan.Storage.Queue;

/// <summary>
/// One worker per data folder, where the database is SQLite: that scheduler's store is not clustered. The kernel lets the lock go when
/// the process dies, however it dies; so whoever holds it knows that no job that is marked as running has a worker.
/// </summary>
internal sealed class WorkerLock(StorageOptions options, IDbContextFactory<MedGanDb> dbs) : IHostedService, IDisposable
{
    private FileStream? _held;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        options.CreateFolders();
        try
        {
            _held = new FileStream(Path.Combine(options.DataFolder, "worker.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new WorkerAlreadyRunningException(options.DataFolder);
        }
        await using var db = await dbs.CreateDbContextAsync(cancellationToken);
        await db.Jobs.Where(j => j.State == JobState.Running)
            .ExecuteUpdateAsync(rows => rows.SetProperty(j => j.HeartbeatAt, (DateTimeOffset?)null), cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask; // held until the scheduler has stopped too

    public void Dispose() => _held?.Dispose();
}
