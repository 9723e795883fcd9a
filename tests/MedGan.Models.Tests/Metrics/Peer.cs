using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using MedGan.Testing;

namespace MedGan.Models.Tests.Metrics;

/// <summary>The independent implementations under bench/peers: what they once gave for formula images, and what they give now for real ones.</summary>
internal static class Peer
{
    private const string Interpreter = "/usr/bin/python3";

    public static JsonElement Fixture(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", name + ".json")));
        return document.RootElement.Clone();
    }

    /// <summary>What a script says of these values; skips the test where Python or one of the script's packages is absent.</summary>
    public static JsonElement Run(string script, IEnumerable<object> arguments, params IEnumerable<float[]> values)
    {
        using var document = JsonDocument.Parse(Output(script, arguments, values));
        return document.RootElement.Clone();
    }

    /// <summary>Real images, in [0, 255]; skips the test where there are none.</summary>
    public static float[][] RealImages(int size, int count, params string[] folder)
    {
        Assert.SkipUnless(SharedData.Exists, SharedData.WhyAbsent);
        var files = Directory.GetFiles(SharedData.Path(folder)).Order(StringComparer.Ordinal).Take(count).ToArray();
        Assert.Equal(count, files.Length);
        return [.. MemoryMarshal.Cast<byte, float>(Output("grey_images.py", [size, size, .. files], [])).ToArray().Chunk(size * size)];
    }

    /// <summary>Equal to a share of the larger, or to that much where both are small. A missing value stands for NaN.</summary>
    public static void Agree(JsonElement theirs, double ours, double tolerance, string what)
    {
        var expected = theirs.ValueKind == JsonValueKind.Null ? double.NaN : theirs.GetDouble();
        Assert.True(double.IsNaN(expected) ? double.IsNaN(ours) : Math.Abs(expected - ours) <= tolerance * Math.Max(1, Math.Abs(expected)), $"{what}: {ours}, theirs {expected}");
    }

    private static byte[] Output(string script, IEnumerable<object> arguments, IEnumerable<float[]> values)
    {
        Assert.SkipUnless(File.Exists(Interpreter), $"{Interpreter} is absent.");
        var start = new ProcessStartInfo(Interpreter, [Path.Combine(Root, "bench", "peers", script), .. arguments.Select(a => Convert.ToString(a, CultureInfo.InvariantCulture)!)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = new MemoryStream();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(output);
        try
        {
            foreach (var part in values) process.StandardInput.BaseStream.Write(MemoryMarshal.AsBytes<float>(part));
            process.StandardInput.Close();
        }
        catch (IOException) // it ended early: its standard error says why
        {
        }
        process.WaitForExit();
        Task.WaitAll(errors, reading);
        Assert.SkipWhen(errors.Result.Contains("ModuleNotFoundError", StringComparison.Ordinal), $"{Interpreter}: {errors.Result.Trim().Split('\n')[^1]}");
        Assert.True(process.ExitCode == 0, $"{script}: {errors.Result}");
        return output.ToArray();
    }

    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "MedGan.sln"))) folder = folder.Parent!;
            return folder.FullName;
        }
    }
}
