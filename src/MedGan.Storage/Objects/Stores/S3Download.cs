namespace MedGan.Storage.Objects.Stores;

/// <summary>
/// The body of an answer that may break off: it then goes on from the byte that was not delivered. Forward only; a server that
/// delivers nothing for a minute counts as broken off.
/// </summary>
internal sealed class S3Download(Func<long, CancellationToken, Task<Stream>> ask, long offset, TimeSpan firstPause, Func<Exception> givenUp) : Stream
{
    private const int MostBreaksInARow = 5;

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    private Stream? _body;
    private long _at = offset;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => _at; set => throw new NotSupportedException(); }

    /// <summary>Asks for the first byte.</summary>
    public async Task ConnectAsync(CancellationToken ct) => _body = await ask(_at, ct);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (var breaks = 0; ; breaks++)
        {
            try
            {
                _body ??= await ask(_at, cancellationToken);
                using var silent = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                silent.CancelAfter(Silence);
                var read = await _body.ReadAsync(buffer, silent.Token);
                _at += read;
                return read;
            }
            catch (Exception e) when (Broken(e) && !cancellationToken.IsCancellationRequested)
            {
                if (_body is not null) await _body.DisposeAsync();
                _body = null;
                if (breaks == MostBreaksInARow) throw givenUp();
                await Task.Delay(firstPause * (1 << breaks), cancellationToken);
            }
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _body?.Dispose();
        base.Dispose(disposing);
    }

    private static bool Broken(Exception e) =>
        e is HttpRequestException or OperationCanceledException || (e is IOException and not (ObjectDamagedException or ObjectStoreUnavailableException));
}
