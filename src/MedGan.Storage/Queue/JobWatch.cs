using System.Net.Sockets;
using System.Threading.Channels;
using MedGan.Storage.Database;
using Npgsql;

namespace MedGan.Storage.Queue;

/// <summary>
/// Tells when a job may have changed. On PostgreSQL one connection of the process listens for <see cref="JobNotices"/>, and who watches
/// looks every few seconds only in case one was lost; on SQLite, or while that connection is away, several times a second.
/// </summary>
public sealed class JobWatch(StorageOptions storage, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(1);

    private readonly HashSet<JobSubscription> _subscriptions = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private Task? _listening;
    private volatile bool _connected;

    internal TimeProvider Clock => clock;
    internal bool IsConnected => _connected;

    /// <summary>Watches one job, from now until the subscription is disposed. Subscribe before the first look at the row.</summary>
    public JobSubscription Watch(Guid job)
    {
        var subscription = new JobSubscription(this, job);
        lock (_gate)
        {
            if (storage.Postgres is not null) _listening ??= Task.Run(ListenAsync);
            _subscriptions.Add(subscription);
        }
        return subscription;
    }

    internal void Remove(JobSubscription subscription)
    {
        lock (_gate) _subscriptions.Remove(subscription);
    }

    /// <summary>Ends the listening connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_listening is { } listening) await listening;
        _stop.Dispose();
    }

    private async Task ListenAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ListenOnceAsync();
            }
            catch (Exception e) when (e is NpgsqlException or IOException or SocketException or TimeoutException or OperationCanceledException)
            {
                _connected = false;
            }
            // Whoever waits for longer now looks once, and then often.
            Tell(_ => true);
            await Task.Delay(Reconnect, clock, _stop.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private async Task ListenOnceAsync()
    {
        await using var connection = new NpgsqlConnection(storage.Postgres);
        await connection.OpenAsync(_stop.Token);
        connection.Notification += (_, notice) => Tell(s => s.Job.ToString("N") == notice.Payload);
        await using (var listen = new NpgsqlCommand($"LISTEN {JobNotices.Channel}", connection)) await listen.ExecuteNonQueryAsync(_stop.Token);
        _connected = true;
        Tell(_ => true); // what changed before was not heard
        while (true) await connection.WaitAsync(_stop.Token);
    }

    private void Tell(Func<JobSubscription, bool> whom)
    {
        lock (_gate)
        {
            foreach (var subscription in _subscriptions.Where(whom)) subscription.Tell();
        }
    }
}

/// <summary>One watcher of one job.</summary>
public sealed class JobSubscription : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(5);

    private readonly Channel<bool> _told = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly JobWatch _watch;

    internal JobSubscription(JobWatch watch, Guid job) => (_watch, Job) = (watch, job);

    internal Guid Job { get; }

    /// <summary>Returns when the job has changed since the last call, or when it is time to look anyway.</summary>
    public Task ChangedAsync(CancellationToken ct) => IsToldWithinAsync(_watch.IsConnected ? LookAnyway : LookEvery, ct);

    internal async Task<bool> IsToldWithinAsync(TimeSpan time, CancellationToken ct)
    {
        try
        {
            await _told.Reader.WaitToReadAsync(ct).AsTask().WaitAsync(time, _watch.Clock, ct);
            return _told.Reader.TryRead(out _);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Ends the watch.</summary>
    public void Dispose() => _watch.Remove(this);

    internal void Tell() => _told.Writer.TryWrite(true);
}
