using System.Diagnostics;
using System.Text.Json;

namespace MedGan.Bench;

/// <summary>Runs a peer script with the system's Python and reads the JSON object that it prints.</summary>
internal static class PeerProcess
{
    private const string Python = "/usr/bin/python3";

    /// <summary>A CycleGAN step and a generator's forward pass in PyTorch; it lies beside the checkout.</summary>
    public static string Translation { get; } = Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "peers", "pytorch_translation.py"));

    /// <exception cref="BenchException">Python or the script is absent, or the script failed.</exception>
    public static JsonElement Run(string script, bool openBlas, params string[] arguments)
    {
        if (!File.Exists(script)) throw new BenchException($"the peer {script} is not there");
        var start = new ProcessStartInfo(Python, [script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("OPENBLAS_CORETYPE");
        // With OpenBLAS installed, Debian hands it to every program: the reference BLAS has to be asked for too.
        start.Environment["LD_LIBRARY_PATH"] = openBlas ? LibraryFolder("openblas-openmp", "libopenblas0-openmp") : LibraryFolder("blas", "libblas3");
        using var process = Process.Start(start) ?? throw new BenchException($"{Python} could not be started");
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new BenchException($"{Path.GetFileName(script)} ended with {process.ExitCode}: {error.Result.Trim().Split('\n')[^1]}");
        return JsonDocument.Parse(output).RootElement;
    }

    private static string LibraryFolder(string name, string package) =>
        Directory.EnumerateDirectories("/usr/lib").Select(folder => Path.Combine(folder, name)).FirstOrDefault(Directory.Exists)
        ?? throw new BenchException($"the peer needs a library that is not installed: apt-get install {package}");
}

/// <summary>Ends a benchmark with one plain sentence.</summary>
internal sealed class BenchException(string message) : Exception(message);
