using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FellowOakDicom;
using MedGan.Testing;

namespace FoDicom.Tests;

public class PydicomComparisonTests
{
    private const string Python = "/usr/bin/python3";

    [Fact]
    public async Task EveryReadableFile_HoldsWhatPydicomReads()
    {
        Assert.SkipUnless(SharedData.Exists, SharedData.WhyAbsent);
        Assert.SkipUnless(await HasPydicom(), "python3-pydicom is not installed");
        var files = new[] { SharedData.Path("parser", "pydicom"), SharedData.Path("parser", "WG04") }
            .SelectMany(f => Directory.GetFiles(f, "*", SearchOption.AllDirectories)).Where(f => new FileInfo(f).Length < 700_000).Order();
        var readable = new Dictionary<string, DicomDataset>();
        foreach (var file in files)
            if (Opened(file) is { } dataset) readable[file] = dataset;

        using var json = JsonDocument.Parse(await Run(string.Join('\n', readable.Keys)));
        var differences = new List<string>();
        var compared = 0;
        foreach (var file in json.RootElement.EnumerateObject())
            foreach (var path in file.Value.EnumerateObject())
            {
                compared++;
                var theirs = string.Join('|', path.Value.EnumerateArray().Select(Canonical));
                var ours = Ours(readable[file.Name], path.Name, path.Value);
                if (ours != theirs) differences.Add($"{Path.GetFileName(file.Name)} {path.Name}: [{ours}] [{theirs}]");
            }

        Assert.True(compared > 10_000, $"{compared} values compared");
        Assert.True(differences.Count == 0, string.Join('\n', differences.Take(40)));
    }

    private static DicomDataset? Opened(string file)
    {
        try
        {
            return DicomFile.Open(file).Dataset;
        }
        catch (DicomFileException)
        {
            return null;
        }
    }

    private static string Ours(DicomDataset dataset, string path, JsonElement theirs)
    {
        var steps = path.Split('.');
        foreach (var step in steps[..^1])
        {
            if (At(dataset, step[..8]) is not DicomSequence sequence) return "no sequence";
            dataset = sequence.Items[int.Parse(step[9..^1], CultureInfo.InvariantCulture)];
        }
        if (At(dataset, steps[^1]) is not DicomElement element) return "absent";
        if (element is DicomOtherByte or DicomOtherWord or DicomOtherFloat or DicomOtherDouble or DicomOtherLong && theirs.GetArrayLength() == 1)
            return Number(element.Length);
        return element is DicomStringElement and not (DicomDecimalString or DicomIntegerString)
            ? string.Join('|', element.Get<string[]>().Select(v => v.Trim(' ', '\0'))) : string.Join('|', Numbers(element));
    }

    private static IEnumerable<string> Numbers(DicomElement element) => element is DicomStringElement
        ? element.Get<string[]>().Select(v => double.TryParse(v, CultureInfo.InvariantCulture, out var d) ? Number(d) : "null")
        : element.Get<double[]>().Select(Number);

    private static DicomItem? At(DicomDataset dataset, string digits)
    {
        var tag = uint.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return dataset.FirstOrDefault(i => (uint)i.Tag == tag);
    }

    private static string Canonical(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => Number(value.GetDouble()),
        JsonValueKind.Null => "null",
        _ => value.GetString()!,
    };

    private static string Number(double value) => value.ToString("G9", CultureInfo.InvariantCulture);

    private static async Task<bool> HasPydicom()
    {
        if (!File.Exists(Python)) return false;
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", "import pydicom"]) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode == 0;
    }

    private static async Task<string> Run(string input)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "pydicom_values.py");
        using var process = Process.Start(new ProcessStartInfo(Python, [script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await error);
        return await output;
    }
}
