using Microsoft.Extensions.Logging;

namespace MedGan.Operation.Logs;

/// <summary>What is told of an event.</summary>
internal sealed record LogEvent(
    DateTimeOffset At, LogLevel Level, string Category, string Message, Exception? Exception, IReadOnlyList<KeyValuePair<string, object?>> Fields, string? TraceId)
{
    private const string Instant = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>The instant as RFC 3339 has it, UTC.</summary>
    public string Time => At.UtcDateTime.ToString(Instant, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The exception and those inside it.</summary>
    public IEnumerable<Exception> Exceptions()
    {
        for (var e = Exception; e is not null; e = e.InnerException) yield return e;
    }
}
