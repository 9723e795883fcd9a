using System.Text;

namespace MedGan.Operation.Logs;

/// <summary>An event as a line for people: time, level, category, message, and of exceptions type and frames.</summary>
internal static class TextLine
{
    public static string Of(LogEvent one)
    {
        var line = new StringBuilder().Append(one.Time).Append(' ').Append(one.Level.ToString().ToUpperInvariant()).Append(' ').Append(one.Category).Append(": ").Append(one.Message);
        foreach (var e in one.Exceptions()) line.Append(" | ").Append(e.GetType().FullName).Append(' ').Append(e.StackTrace);
        return line.Replace("\r", "").Replace("\n", " ").ToString();
    }
}
