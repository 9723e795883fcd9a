using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace MedGan.Testing;

/// <summary>A real S3 server (npm's s3rver) on a free loopback port, with one bucket in a folder of its own. Stopped and removed when it is disposed.</summary>
public sealed class S3Server : IAsyncDisposable
{
    /// <summary>The server's built-in credentials.</summary>
    public const string Key = "S3RVER";

    /// <summary>The bucket that is there.</summary>
    public const string Bucket = "medgan-test";

    private static readonly string program = Path.Combine(BuiltProgram.Root, "tests", "servers", "node_modules", "s3rver", "bin", "s3rver.js");

    private readonly Process _process;

    private S3Server(Process process, string folder, int port) => (_process, Folder, Url) = (process, folder, new Uri($"http://127.0.0.1:{port}"));

    /// <summary>Whether it can be started here.</summary>
    public static bool Exists => BuiltProgram.OnPath("node") && File.Exists(program);

    /// <summary>What a test says that is skipped.</summary>
    public static string WhyAbsent => "s3rver is not installed: ./medgan setup --tests";

    /// <summary>What it keeps, as it lies on disk.</summary>
    public string Folder { get; }

    /// <summary>Where it listens.</summary>
    public Uri Url { get; }

    public static async Task<S3Server> StartAsync(CancellationToken ct)
    {
        if (!Exists) throw new InvalidOperationException(WhyAbsent);
        var folder = Directory.CreateTempSubdirectory("medgan-s3-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, Bucket)); // a bucket is a folder
        while (true)
        {
            var port = Loopback.FreePort();
            var process = Start(folder, port);
            if (await AnswersAsync(process, port, ct)) return new S3Server(process, folder, port);
            process.Dispose(); // somebody was faster to take the port
        }
    }

    /// <summary>Ends the server; what it keeps stays.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static Process Start(string folder, int port)
    {
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        string[] arguments = ["-c", "exec node \"$@\" >/dev/null 2>&1 </dev/null", "sh", program, "-d", folder, "-a", "127.0.0.1", "-p", port.ToString(), "--no-vhost-buckets", "-s"];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private static async Task<bool> AnswersAsync(Process process, int port, CancellationToken ct)
    {
        while (!process.HasExited)
        {
            ct.ThrowIfCancellationRequested();
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port, ct);
                return true;
            }
            catch (SocketException)
            {
                await Task.Delay(50, ct);
            }
        }
        return false;
    }
}
