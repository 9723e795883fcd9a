using Microsoft.Extensions.Hosting;

namespace MedGan.Storage.Queue;

/// <summary>
/// One worker per data folder: SQLite's scheduler store is not clustered. The kernel lets the lock go when the process dies,
/// however it dies.
/// </summary>
internal sealed class WorkerLock(StorageOptions options) : IHostedService, IDisposable
{
    private FileStream? _held;

    public Task StartAsync(CancellationToken cancellationToken)
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
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask; // held until the scheduler has stopped too

    public void Dispose() => _held?.Dispose();
}
