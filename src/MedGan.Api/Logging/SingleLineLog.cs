using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace MedGan.Api.Logging;

/// <summary>
/// Writes each log event as one line, to standard error and to DataFolder/logs/api-yyyyMMdd.log. Of an exception it writes types
/// and stack frames, never the message: a message may repeat a header value.
/// </summary>
public sealed class SingleLineLog(string folder, TextWriter console, TimeProvider clock) : ILoggerProvider
{
    private readonly ConcurrentDictionary<string, ILogger> loggers = new();
    private readonly Lock gate = new();
    private StreamWriter? file;
    private string? fileName;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => loggers.GetOrAdd(categoryName, name => new Category(this, name));

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            file?.Dispose();
            file = null;
        }
    }

    private void Write(string category, LogLevel level, string message, Exception? exception)
    {
        var now = clock.GetUtcNow();
        var line = new StringBuilder()
            .Append(now.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)).Append(' ')
            .Append(level.ToString().ToUpperInvariant()).Append(' ').Append(category).Append(": ").Append(message);
        for (var e = exception; e is not null; e = e.InnerException)
        {
            line.Append(" | ").Append(e.GetType().FullName).Append(' ').Append(e.StackTrace);
        }
        var text = line.Replace("\r", "").Replace("\n", " ").ToString();
        lock (gate)
        {
            console.WriteLine(text);
            WriteToFile($"api-{now.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}.log", text);
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
                file = new StreamWriter(Path.Combine(folder, name), append: true, new UTF8Encoding(false)) { AutoFlush = true };
                fileName = name;
            }
            file?.WriteLine(text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk must not take the service along; standard error still has the line.
            fileName = null;
        }
    }

    private sealed class Category(SingleLineLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                log.Write(name, logLevel, formatter(state, exception), exception);
            }
        }
    }
}
