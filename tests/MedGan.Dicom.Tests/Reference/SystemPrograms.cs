using System.Diagnostics;

namespace MedGan.Dicom.Tests.Reference;

/// <summary>Programs of others that check our work: python3 with pydicom, dciodvfy, dcmdump, zstd.</summary>
internal static class SystemPrograms
{
    public const string Python = "/usr/bin/python3";

    public static bool HasPydicom { get; } = HasModules("pydicom, numpy");

    public static bool HasPil { get; } = HasModules("PIL, numpy");

    public static bool HasNibabel { get; } = HasModules("nibabel, numpy");

    public static bool Has(string program) => Testing.BuiltProgram.OnPath(program);

    public static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Reference", name);

    public static (int ExitCode, string Output) Run(string program, string[] arguments, string input = "", bool withErrors = false)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, withErrors ? output + errors.Result : output);
    }

    private static bool HasModules(string names) => File.Exists(Python) && Run(Python, ["-c", $"import {names}"]).ExitCode == 0;

    /// <summary>The error lines of dciodvfy.</summary>
    /// <remarks>Debian 12's dicom3tools (2022) predates Synthetic Data (0008,001C), and calls every attribute it does not know an error; that one line is not counted.</remarks>
    public static string[] ValidatorErrors(string path) =>
        [.. Run("dciodvfy", [path], withErrors: true).Output.Split('\n')
            .Where(l => l.StartsWith("Error", StringComparison.Ordinal) || l.StartsWith("Abort", StringComparison.Ordinal))
            .Where(l => !(l.Contains("is not a recognized standard attribute") && l.Contains("(0x0008,0x001c)")))];
}
