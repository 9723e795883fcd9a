using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace MedGan.Testing;

/// <summary>A PostgreSQL server of the tests' own, on a free loopback port, with its data in a folder that goes with it.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Programs = "/usr/lib/postgresql";

    private readonly string _folder = Directory.CreateTempSubdirectory("medgan-pg-").FullName;
    private int _databases;

    private PostgresServer()
    {
    }

    /// <summary>The loopback port; the same after <see cref="StopAsync"/> and <see cref="StartAsync()"/>.</summary>
    public int Port { get; } = Loopback.FreePort();

    /// <summary>Initialises and starts a server.</summary>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or did not start; the message says what it printed.</exception>
    public static async Task<PostgresServer> CreateAsync()
    {
        var server = new PostgresServer();
        if (Environment.UserName == "root") await RunAsync("chown", "postgres", server._folder);
        await RunAsServerAsync("initdb", "-D", server.Data, "-A", "trust", "-U", "medgan", "-E", "UTF8", "--locale=C", "--no-sync");
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts it again on the data it has.</summary>
    public Task StartAsync() => RunAsServerAsync(
        "pg_ctl", "-w", "-t", "60", "-D", Data, "-l", Path.Combine(_folder, "log"),
        "-o", $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={_folder} -c max_connections=200", "start");

    /// <summary>Stops it at once, as a crash would: connections break, and it recovers from its log at the next start.</summary>
    public Task StopAsync() => RunAsServerAsync("pg_ctl", "-w", "-t", "60", "-D", Data, "-m", "immediate", "stop");

    /// <summary>Makes an empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"medgan{Interlocked.Increment(ref _databases)}";
        await RunAsServerAsync("createdb", "-h", "127.0.0.1", "-p", Port.ToString(), "-U", "medgan", name);
        return $"Host=127.0.0.1;Port={Port};Database={name};Username=medgan";
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
        }
        catch (InvalidOperationException)
        {
            // it was stopped already
        }
        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    private static Task RunAsServerAsync(string program, params string[] arguments)
    {
        var folder = Directory.Exists(Programs) ? Directory.GetDirectories(Programs).Order().LastOrDefault() : null;
        var file = folder is null ? program : Path.Combine(folder, "bin", program);
        if (!File.Exists(file)) throw new InvalidOperationException("PostgreSQL is not installed: run ./medgan setup --tests");
        return Environment.UserName == "root" ? RunAsync("runuser", ["-u", "postgres", "--", file, .. arguments]) : RunAsync(file, arguments);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, WorkingDirectory = "/" };
        var output = Path.GetTempFileName(); // a pipe would stay open as long as the server that the command leaves behind
        foreach (var argument in new[] { "-c", "out=$1; shift; exec \"$@\" >\"$out\" 2>&1 </dev/null", "sh", output, program }.Concat(arguments)) start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start)!;
            await process.WaitForExitAsync();
            if (process.ExitCode != 0) throw new InvalidOperationException($"{Path.GetFileName(program)} {string.Join(' ', arguments)}: {await File.ReadAllTextAsync(output)}");
        }
        finally
        {
            File.Delete(output);
        }
    }
}
