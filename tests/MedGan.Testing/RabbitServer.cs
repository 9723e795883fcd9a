using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace MedGan.Testing;

/// <summary>A RabbitMQ broker of the tests' own, on free loopback ports, with its data in a folder that goes with it.</summary>
public sealed class RabbitServer : IAsyncDisposable
{
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    private readonly string _folder = Directory.CreateTempSubdirectory("medgan-mq-").FullName;
    private readonly string _node = $"medgan-{Guid.NewGuid():N}@localhost";
    private readonly int _dist = Loopback.FreePort(), _epmd = Loopback.FreePort();
    private Process? _process;

    private RabbitServer()
    {
    }

    /// <summary>The loopback port for AMQP; the same after a restart.</summary>
    public int Port { get; } = Loopback.FreePort();

    /// <summary>The account that a broker makes at its first start; it is let in over loopback only.</summary>
    public const string User = "guest", Password = "guest";

    /// <summary>The settings that let MedGan use it.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["MedGan__Bus__Host"] = "127.0.0.1", ["MedGan__Bus__Port"] = Port.ToString(), ["MedGan__Bus__User"] = User, ["MedGan__Bus__Password"] = Password,
    };

    /// <summary>Starts a broker and waits until it takes connections.</summary>
    /// <param name="ct">Breaks off.</param>
    /// <param name="configuration">Further lines of rabbitmq.conf.</param>
    public static async Task<RabbitServer> CreateAsync(CancellationToken ct, string configuration = "")
    {
        if (!File.Exists(Program)) throw new InvalidOperationException("RabbitMQ is not installed: run ./medgan setup --tests");
        var server = new RabbitServer();
        await File.WriteAllTextAsync(Path.Combine(server._folder, "rabbitmq.conf"), $"listeners.tcp.1 = 127.0.0.1:{server.Port}\n{configuration}", ct);
        await File.WriteAllTextAsync(Path.Combine(server._folder, "plugins"), "[].\n", ct);
        if (Environment.UserName == "root")
        {
            using var owner = Process.Start("chown", ["-R", "rabbitmq", server._folder])!;
            await owner.WaitForExitAsync(ct);
        }
        await server.StartAsync(ct);
        return server;
    }

    /// <summary>Starts it again on the data it has.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, WorkingDirectory = "/" };
        string[] command = Environment.UserName == "root" ? ["runuser", "-u", "rabbitmq", "--", Program] : [Program];
        foreach (var argument in new[] { "-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", Log }.Concat(command)) start.ArgumentList.Add(argument);
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["HOME"] = _folder,
            ["RABBITMQ_NODENAME"] = _node,
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_folder, "data"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(_folder, "logs"),
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(_folder, "rabbitmq.conf"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_folder, "plugins"),
            ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
            ["RABBITMQ_DIST_PORT"] = _dist.ToString(),
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["ERL_EPMD_PORT"] = _epmd.ToString(),
        }) start.Environment[name] = value;
        _process = Process.Start(start)!;
        for (var began = Stopwatch.StartNew(); ; await Task.Delay(200, ct))
        {
            if (_process.HasExited || began.Elapsed > TimeSpan.FromMinutes(2))
                throw new InvalidOperationException($"RabbitMQ did not start: {await File.ReadAllTextAsync(Log, ct)}");
            if (await TakesConnectionsAsync(ct)) return;
        }
    }

    /// <summary>kill -9 of the broker, and of what it has started.</summary>
    public async Task KillAsync()
    {
        while (Own() is { Count: > 0 } own)
        {
            foreach (var process in own)
            {
                using (process) process.Kill();
            }
            await Task.Delay(50);
        }
        if (_process is not null) await _process.WaitForExitAsync();
        _process?.Dispose();
        _process = null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
        File.Delete(Log);
    }

    private string Log => Path.Combine(Path.GetTempPath(), Path.GetFileName(_folder) + ".log");

    /// <summary>A broker greets a client that says the protocol's name; before that its port may be open already.</summary>
    private async Task<bool> TakesConnectionsAsync(CancellationToken ct)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port, ct);
            await client.GetStream().WriteAsync("AMQP\0\0\u0009\u0001"u8.ToArray(), ct);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(TimeSpan.FromSeconds(5));
            return await client.GetStream().ReadAsync(new byte[8], patience.Token) > 0;
        }
        catch (Exception e) when (e is SocketException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>The start script, the broker and its port mapper: whoever has the node's name in the environment.</summary>
    private List<Process> Own()
    {
        var own = new List<Process>();
        foreach (var process in Process.GetProcesses())
        {
            if (HasNode(process.Id)) own.Add(process);
            else process.Dispose();
        }
        return own;
    }

    private bool HasNode(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/environ").Split('\0').Contains($"RABBITMQ_NODENAME={_node}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // it has ended, or is somebody else's
        }
    }
}
