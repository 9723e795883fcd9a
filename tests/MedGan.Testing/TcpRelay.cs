using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MedGan.Testing;

/// <summary>A port that leads to another one; while it is broken, every request gets "500 Internal Server Error" from it instead.</summary>
public sealed class TcpRelay : IAsyncDisposable
{
    private static readonly byte[] Broken = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, byte> _open = [];
    private readonly CancellationTokenSource _end = new();
    private readonly int _to;
    private readonly Task _accepting;
    private volatile bool _broken;
    private int _refused;

    public TcpRelay(int to)
    {
        _to = to;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many requests it has answered itself.</summary>
    public int Refused => _refused;

    /// <summary>Breaks it, and the connections that lead through it, or mends it.</summary>
    public void Break(bool broken)
    {
        _broken = broken;
        if (!broken) return;
        foreach (var client in _open.Keys) client.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        foreach (var client in _open.Keys) client.Dispose();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // ended
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        _open[client] = 0;
        try
        {
            if (_broken)
            {
                Interlocked.Increment(ref _refused);
                if (await client.GetStream().ReadAsync(new byte[64 * 1024], _end.Token) == 0) return;
                await client.GetStream().WriteAsync(Broken, _end.Token);
                client.Client.Shutdown(SocketShutdown.Send);
                while (await client.GetStream().ReadAsync(new byte[64 * 1024], _end.Token) > 0)
                {
                    // what it still sends is not wanted
                }
                return;
            }
            using var server = new TcpClient();
            await server.ConnectAsync(IPAddress.Loopback, _to, _end.Token);
            await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream(), _end.Token), server.GetStream().CopyToAsync(client.GetStream(), _end.Token));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // one side went
        }
        finally
        {
            _open.TryRemove(client, out _);
            client.Dispose();
        }
    }
}
