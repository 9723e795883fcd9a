using System.Diagnostics;
using System.Text.Json;

namespace MedGan.Bench;

/// <summary>Runs a peer script with the system's Python and reads the JSON object that it prints.</summary>
internal static class PeerProcess
{
    private const string Python = "/usr/bin/python3";

    /// <exception cref="BenchException">Python or the script is absent, or the script failed.</exception>
    public static JsonElement Run(string script, bool openBlas, params string[] arguments)
    {
        if (!File.Exists(script)) throw new BenchException($"the peer {script} is not there");
        var start = new ProcessStartInfo(Python, [script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("OPENBLAS_CORETYPE");
        if (openBlas) start.Environment["LD_LIBRARY_PATH"] = OpenBlasFolder();
        using var process = Process.Start(start) ?? throw new BenchException($"{Python} could not be started");
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new BenchException($"{Path.GetFileName(script)} ended with {process.ExitCode}: {error.Result.Trim().Split('\n')[^1]}");
        return JsonDocument.Parse(output).RootElement;
    }

    private static string OpenBlasFolder() =>
        Directory.EnumerateDirectories("/usr/lib").Select(folder => Path.Combine(folder, "openblas-openmp")).FirstOrDefault(Directory.Exists)
        ?? throw new BenchException("OpenBLAS is not installed: apt-get install libopenblas0-openmp");
}

/// <summary>Ends a benchmark with one plain sentence.</summary>
internal sealed class BenchException(string message) : Exception(message);
