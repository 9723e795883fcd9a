using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace MedGan.Jobs.Hosting;

/// <summary>
/// The worker's log, one line an event, on standard error and in <c>worker-yyyyMMdd.log</c>. Of an exception only kinds and
/// stack frames are written: a message might quote what it failed on.
/// </summary>
public sealed class WorkerLog(string folder, TextWriter console, TimeProvider clock) : ILoggerProvider
{
    /// <summary>The host's own word on a failed start; the worker says it in one sentence.</summary>
    private const string StartFault = "HostedServiceStartupFaulted";

    private readonly Lock gate = new();
    private StreamWriter? file;
    private string? fileName;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate) file?.Dispose();
    }

    private void Write(LogLevel level, string category, string message, Exception? exception)
    {
        var now = clock.GetUtcNow();
        var line = new StringBuilder(now.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture))
            .Append(' ').Append(level).Append(' ').Append(category).Append(": ").Append(message);
        for (var e = exception; e is not null; e = e.InnerException) line.Append(" | ").Append(e.GetType().FullName).Append(' ').Append(e.StackTrace);
        var text = line.ToString().ReplaceLineEndings(" ");
        lock (gate)
        {
            console.WriteLine(text);
            WriteToFile($"worker-{now.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}.log", text);
        }
    }

    private void WriteToFile(string name, string text)
    {
        try
        {
            if (name != fileName)
            {
                file?.Dispose();
                Directory.CreateDirectory(folder);
                file = new StreamWriter(new FileStream(Path.Combine(folder, name), FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
                fileName = name;
            }
            file!.WriteLine(text);
        }
        catch (IOException)
        {
            fileName = null; // a full disk must not take the worker along; standard error still has the line
        }
    }

    private sealed class Category(WorkerLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name == StartFault) return;
            log.Write(logLevel, name, formatter(state, exception), exception);
        }
    }
}
