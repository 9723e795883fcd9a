using MedGan.Api.Logging;
using Microsoft.Extensions.Logging;
using Xunit;

namespace MedGan.Api.Tests.Logging;

public sealed class SingleLineLogTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("medgan-log-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Exception_IsOneLineOfTypesAndFrames_WithoutItsMessage()
    {
        var console = new StringWriter();
        using (var log = new SingleLineLog(folder, console, TimeProvider.System))
        {
            try
            {
                throw new InvalidOperationException("Grosvenor^Philippa", new FormatException("19581124"));
            }
            catch (InvalidOperationException e)
            {
                log.CreateLogger("Test").Log(LogLevel.Error, e, "Something\nfailed");
            }
        }
        var line = Assert.Single(File.ReadAllLines(Assert.Single(Directory.GetFiles(folder, "api-*.log"))));
        Assert.Equal(line + Environment.NewLine, console.ToString());
        Assert.Contains("ERROR Test: Something failed | System.InvalidOperationException", line, StringComparison.Ordinal);
        Assert.Contains("System.FormatException", line, StringComparison.Ordinal);
        Assert.DoesNotContain("Grosvenor", line, StringComparison.Ordinal);
        Assert.DoesNotContain("19581124", line, StringComparison.Ordinal);
    }

    [Fact]
    public void FolderThatCannotBeWritten_LeavesTheConsole()
    {
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");
        var console = new StringWriter();
        using var log = new SingleLineLog(Path.Combine(file, "logs"), console, TimeProvider.System);
        log.CreateLogger("Test").Log(LogLevel.Information, "still here");
        Assert.Contains("still here", console.ToString(), StringComparison.Ordinal);
    }
}
