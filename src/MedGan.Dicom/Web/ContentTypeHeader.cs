namespace MedGan.Dicom.Web;

/// <summary>
/// A Content-Type as DICOM software sends it: parameters may hold "/" without quotes, and boundaries of more than 70 characters occur,
/// so RFC 2045 is read leniently.
/// </summary>
public sealed class ContentTypeHeader
{
    private readonly Dictionary<string, string> parameters = new(StringComparer.OrdinalIgnoreCase);

    private ContentTypeHeader(string mediaType) => MediaType = mediaType;

    /// <summary>Type and subtype in lower case; empty when there is none.</summary>
    public string MediaType { get; }

    /// <summary>The value of a parameter without its quotes, or null.</summary>
    public string? this[string name] => parameters.GetValueOrDefault(name);

    /// <summary>Takes the header apart; never throws.</summary>
    public static ContentTypeHeader Parse(string? value)
    {
        var pieces = SplitOutsideQuotes(value ?? "").ToList();
        var header = new ContentTypeHeader(pieces.Count == 0 ? "" : pieces[0].Trim().ToLowerInvariant());
        foreach (var piece in pieces.Skip(1))
        {
            var equals = piece.IndexOf('=');
            if (equals > 0)
            {
                header.parameters[piece[..equals].Trim()] = Unquote(piece[(equals + 1)..].Trim());
            }
        }
        return header;
    }

    private static IEnumerable<string> SplitOutsideQuotes(string value)
    {
        var start = 0;
        var quoted = false;
        for (var i = 0; i < value.Length; i++)
        {
            switch (value[i])
            {
                case '\\' when quoted:
                    i++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ';' when !quoted:
                    yield return value[start..i];
                    start = i + 1;
                    break;
            }
        }
        yield return value[start..];
    }

    private static string Unquote(string value) =>
        value.Length >= 2 && value[0] == '"' && value[^1] == '"' ? value[1..^1].Replace("\\", "", StringComparison.Ordinal) : value;
}
