using System.Text.Json;
using MedGan.Operation.Logs;
using Microsoft.Extensions.Logging;

namespace MedGan.Operation.Tests;

public sealed class ProcessLogTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("medgan-log-").FullName;
    private readonly StringWriter console = new();

    public void Dispose()
    {
        console.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Exception_IsOneLineOfTypesAndFrames_WithoutItsMessage()
    {
        using (var log = Open(json: false)) LogFailure(log);
        var line = Assert.Single(File.ReadAllLines(Assert.Single(Directory.GetFiles(folder, "api-*.log"))));
        Assert.Equal(line + Environment.NewLine, console.ToString());
        Assert.Contains("ERROR Test: Job 7 failed | System.InvalidOperationException", line, StringComparison.Ordinal);
        Assert.Contains("System.FormatException", line, StringComparison.Ordinal);
        Assert.DoesNotContain("Grosvenor", line, StringComparison.Ordinal);
        Assert.DoesNotContain("19581124", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_TellsFieldsAndTypes_WithoutTheMessageOfTheException()
    {
        using (var log = Open(json: true)) LogFailure(log);
        var text = Assert.Single(File.ReadAllLines(Assert.Single(Directory.GetFiles(folder, "api-*.log"))));
        var line = JsonDocument.Parse(text).RootElement;
        Assert.Equal(("Error", "Test", "Job 7\nfailed", 7), (
            line.GetProperty("level").GetString(), line.GetProperty("category").GetString(), line.GetProperty("message").GetString(), line.GetProperty("fields").GetProperty("Job").GetInt32()));
        Assert.Equal(["System.InvalidOperationException", "System.FormatException"], line.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("type").GetString()));
        Assert.DoesNotContain("Grosvenor", text, StringComparison.Ordinal);
        Assert.DoesNotContain("19581124", text, StringComparison.Ordinal);
    }

    [Fact]
    public void LineBreaksOfAMessage_DoNotForgeALine()
    {
        using (var log = Open(json: false)) log.CreateLogger("Test").LogWarning("one\r\n2026-01-01 ERROR Forged: two");
        Assert.Single(File.ReadAllLines(Assert.Single(Directory.GetFiles(folder, "api-*.log"))));
    }

    [Fact]
    public void TwoProcessesOfOneName_HaveAFileEach()
    {
        using (var first = Open(json: false))
        using (var second = Open(json: false))
        {
            first.CreateLogger("Test").LogWarning("of the first");
            second.CreateLogger("Test").LogWarning("of the second");
            first.CreateLogger("Test").LogWarning("of the first again");
        }
        var files = Directory.GetFiles(folder, "api-*.log").Order(StringComparer.Ordinal).ToList();
        Assert.Equal(2, files.Count);
        Assert.Single(files, f => f.EndsWith(".2.log", StringComparison.Ordinal) && File.ReadAllLines(f).Single().EndsWith("of the second", StringComparison.Ordinal));
        Assert.Single(files, f => File.ReadAllLines(f).Length == 2);
    }

    [Fact]
    public void FolderThatCannotBeWritten_LeavesTheConsole()
    {
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");
        using var log = new ProcessLog("api", Path.Combine(file, "logs"), json: false, console, TimeProvider.System);
        log.CreateLogger("Test").LogInformation("still here");
        Assert.Contains("still here", console.ToString(), StringComparison.Ordinal);
    }

    private ProcessLog Open(bool json) => new("api", folder, json, console, TimeProvider.System);

    private static void LogFailure(ProcessLog log)
    {
        try
        {
            throw new InvalidOperationException("Grosvenor^Philippa", new FormatException("19581124"));
        }
        catch (InvalidOperationException e)
        {
            log.CreateLogger("Test").LogError(e, "Job {Job}\nfailed", 7);
        }
    }
}
