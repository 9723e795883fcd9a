using System.Diagnostics;

namespace MedGan.Testing;

/// <summary>Programs of this solution, started as processes the way `./medgan` starts them.</summary>
public static class BuiltProgram
{
    /// <summary>The root of the checkout: the folder that holds MedGan.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The built dll of a project, in the same configuration as the running tests.</summary>
    /// <exception cref="FileNotFoundException">It has not been built.</exception>
    public static string Dll(string projectFolder)
    {
        var configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
        var dll = Path.Combine(Root, projectFolder, "bin", configuration, "net10.0", Path.GetFileName(projectFolder) + ".dll");
        return File.Exists(dll) ? dll : throw new FileNotFoundException($"{dll} is missing: build MedGan.sln first");
    }

    /// <summary>Starts a program with its output going to a file.</summary>
    public static Process Start(string projectFolder, string logFile, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("log=$1; shift; exec dotnet \"$@\" >>\"$log\" 2>&1 </dev/null");
        start.ArgumentList.Add("sh");
        start.ArgumentList.Add(logFile);
        start.ArgumentList.Add(Dll(projectFolder));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment.Remove("OPENBLAS_CORETYPE");
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Exit code and both outputs.</returns>
    public static async Task<(int Code, string Output, string Error)> RunAsync(string file, IEnumerable<string> arguments, CancellationToken ct)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment.Remove("OPENBLAS_CORETYPE");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var error = process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Whether a program of the system is installed.</summary>
    public static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "MedGan.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"MedGan.sln is in no folder above {AppContext.BaseDirectory}");
    }
}
