using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace MedGan.Operation.Logs;

/// <summary>
/// The log of a process: each event is one line, on standard error and in a file of the day. Of an exception it tells types and stack
/// frames, never the message: that may repeat what the failure was about.
/// </summary>
public sealed class ProcessLog : ILoggerProvider
{
    /// <summary>The host's own word on a failed start; both processes say it in one sentence.</summary>
    private const string StartFault = "HostedServiceStartupFaulted";

    private readonly ConcurrentDictionary<string, ILogger> _loggers = new();
    private readonly Lock _gate = new();
    private readonly TextWriter _console;
    private readonly TimeProvider _clock;
    private readonly Func<LogEvent, string> _line;
    private readonly LogFile _file;

    /// <summary>Opens nothing yet.</summary>
    /// <param name="process">What the files' names begin with: "api", "worker".</param>
    /// <param name="folder">Where the files lie; made when it is needed.</param>
    /// <param name="json">Whether lines are JSON objects.</param>
    /// <param name="console">Gets every line too.</param>
    /// <param name="clock">Tells the time.</param>
    public ProcessLog(string process, string folder, bool json, TextWriter console, TimeProvider clock)
    {
        (_console, _clock) = (console, clock);
        _line = json ? JsonLine.Of : TextLine.Of;
        _file = new LogFile(folder, process);
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(categoryName, name => new Category(this, name));

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate) _file.Dispose();
    }

    private void Write(LogEvent one)
    {
        var line = _line(one);
        lock (_gate)
        {
            _console.WriteLine(line);
            _file.WriteLine(one.At, line);
        }
    }

    private sealed class Category(ProcessLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel) || eventId.Name == StartFault) return;
            log.Write(new LogEvent(
                log._clock.GetUtcNow(), logLevel, name, formatter(state, exception), exception,
                state as IReadOnlyList<KeyValuePair<string, object?>> ?? [], Activity.Current?.TraceId.ToString()));
        }
    }
}
