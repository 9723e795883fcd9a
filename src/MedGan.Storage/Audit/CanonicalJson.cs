using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MedGan.Storage.Audit;

/// <summary>JSON with one spelling: names sorted by UTF-16 code unit, no white space, shortest numbers (RFC 8785).</summary>
public static class CanonicalJson
{
    /// <summary>The canonical text of a value, serialised with <see cref="StorageJson.Options"/> first.</summary>
    public static string Write(object value)
    {
        using var document = JsonSerializer.SerializeToDocument(value, value.GetType(), StorageJson.Options);
        return Write(document.RootElement);
    }

    /// <summary>The canonical text of a JSON element.</summary>
    public static string Write(JsonElement element)
    {
        var text = new StringBuilder();
        Append(text, element);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                AppendList(text, '{', '}', element.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal), p =>
                {
                    AppendString(text, p.Name);
                    text.Append(':');
                    Append(text, p.Value);
                });
                break;
            case JsonValueKind.Array:
                AppendList(text, '[', ']', element.EnumerateArray(), item => Append(text, item));
                break;
            case JsonValueKind.String:
                AppendString(text, element.GetString()!);
                break;
            case JsonValueKind.Number:
                text.Append(Number(element.GetDouble()));
                break;
            default:
                text.Append(element.GetRawText()); // true, false, null
                break;
        }
    }

    private static void AppendList<T>(StringBuilder text, char open, char close, IEnumerable<T> items, Action<T> append)
    {
        text.Append(open);
        var first = true;
        foreach (var item in items)
        {
            if (!first) text.Append(',');
            first = false;
            append(item);
        }
        text.Append(close);
    }

    private static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }
        text.Append('"');
    }

    /// <summary>A double as ECMAScript spells it (ECMA-262, Number::toString), from .NET's shortest round-trip digits.</summary>
    internal static string Number(double value)
    {
        if (!double.IsFinite(value)) throw new ArgumentOutOfRangeException(nameof(value), "JSON has no such number");
        if (value == 0) return "0";
        var sign = value < 0 ? "-" : "";
        var (digits, point) = Digits(Math.Abs(value).ToString("R", CultureInfo.InvariantCulture)); // |value| = 0.digits * 10^point
        if (point > 21 || point <= -6)
        {
            var fraction = digits.Length > 1 ? "." + digits[1..] : "";
            var exponent = point - 1;
            return $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? "-" : "+")}{Math.Abs(exponent)}";
        }
        if (point <= 0) return sign + "0." + new string('0', -point) + digits;
        return point >= digits.Length
            ? sign + digits.PadRight(point, '0')
            : $"{sign}{digits[..point]}.{digits[point..]}";
    }

    private static (string Digits, int Point) Digits(string shortest)
    {
        var parts = shortest.Split('E');
        var exponent = parts.Length == 1 ? 0 : int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var dot = parts[0].IndexOf('.', StringComparison.Ordinal);
        var all = parts[0].Replace(".", "", StringComparison.Ordinal);
        var digits = all.TrimStart('0');
        var point = (dot < 0 ? all.Length : dot) - (all.Length - digits.Length) + exponent;
        return (digits.TrimEnd('0'), point);
    }
}
