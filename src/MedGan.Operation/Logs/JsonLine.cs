using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MedGan.Operation.Logs;

/// <summary>An event as a JSON object for programs: at, level, category, message, trace, fields (what the message was made of), errors (type and frames).</summary>
internal static class JsonLine
{
    private const string Template = "{OriginalFormat}";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(LogEvent one)
    {
        var line = new JsonObject { ["at"] = one.Time, ["level"] = one.Level.ToString(), ["category"] = one.Category, ["message"] = one.Message };
        if (one.TraceId is { } trace) line["trace"] = trace;
        var fields = new JsonObject();
        foreach (var (name, value) in one.Fields)
        {
            if (name != Template) fields[name] = Value(value);
        }
        if (fields.Count > 0) line["fields"] = fields;
        var errors = one.Exceptions().Select(e => (JsonNode)new JsonObject { ["type"] = e.GetType().FullName, ["stack"] = e.StackTrace }).ToArray();
        if (errors.Length > 0) line["errors"] = new JsonArray(errors);
        return line.ToJsonString(Plain);
    }

    private static JsonNode? Value(object? value) => value switch
    {
        null => null,
        bool flag => JsonValue.Create(flag),
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        double number when double.IsFinite(number) => JsonValue.Create(number),
        _ => JsonValue.Create(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)),
    };
}
