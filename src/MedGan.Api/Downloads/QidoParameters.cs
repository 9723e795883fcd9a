using FellowOakDicom;
using MedGan.Api.Problems;

namespace MedGan.Api.Downloads;

/// <summary>The query of a QIDO-RS request (PS3.18 section 8.3.4): matches, includefield, limit, offset, fuzzymatching.</summary>
public sealed class QidoParameters
{
    /// <summary>Results of one answer at most.</summary>
    public const int MaxResults = 1000;

    private readonly List<string> warnings = [];

    private QidoParameters()
    {
    }

    /// <summary>Tag (eight hex digits) and wanted value; an empty value matches all.</summary>
    public Dictionary<string, string> Matches { get; } = [];

    /// <summary>Tags wanted beyond the level's own.</summary>
    public HashSet<string> Include { get; } = [];

    /// <summary>Whether every stored attribute is wanted.</summary>
    public bool IncludeAll { get; private set; }

    /// <summary>Results wanted, 1 to <see cref="MaxResults"/>.</summary>
    public int Limit { get; private set; } = MaxResults;

    /// <summary>Results to pass over.</summary>
    public int Offset { get; private set; }

    /// <summary>What was not done as asked, in the words of the standard.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    /// <summary>Reads a query.</summary>
    /// <exception cref="RefusedException">400: a number that is none, or a key that is no DICOM attribute.</exception>
    public static QidoParameters Of(IQueryCollection query)
    {
        var parameters = new QidoParameters();
        foreach (var (key, values) in query)
        {
            foreach (var value in values)
            {
                parameters.Take(key, value ?? "");
            }
        }
        return parameters;
    }

    private void Take(string key, string value)
    {
        switch (key.ToLowerInvariant())
        {
            case "limit":
                var wanted = Number(key, value);
                if (wanted > MaxResults)
                {
                    warnings.Add("The number of results exceeded the maximum supported by the server. Additional results can be requested.");
                }
                Limit = Math.Clamp(wanted, 0, MaxResults);
                break;
            case "offset":
                Offset = Number(key, value);
                break;
            case "fuzzymatching":
                if (value.Equals("true", StringComparison.OrdinalIgnoreCase))
                {
                    warnings.Add("The fuzzymatching parameter is not supported. Only literal matching has been performed.");
                }
                break;
            case "includefield":
                foreach (var field in value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                {
                    if (field.Equals("all", StringComparison.OrdinalIgnoreCase))
                    {
                        IncludeAll = true;
                    }
                    else
                    {
                        Include.Add(TagOf(field));
                    }
                }
                break;
            case "accept":
                break;
            default:
                Matches[TagOf(key)] = value;
                break;
        }
    }

    private static int Number(string key, string value) =>
        int.TryParse(value, out var number) && number >= 0
            ? number
            : throw RefusedException.BadRequest("The query is not valid", $"The parameter {key.ToLowerInvariant()} wants a whole number from 0.");

    /// <summary>A tag given as eight hex digits or by its keyword.</summary>
    private static string TagOf(string key)
    {
        if (key.Length == 8 && uint.TryParse(key, System.Globalization.NumberStyles.HexNumber, null, out var number))
        {
            return number.ToString("X8", System.Globalization.CultureInfo.InvariantCulture);
        }
        // Keywords of PS3.6 are letters and digits; the dictionary is asked only about those.
        if (key.Length is > 0 and <= 64 && key.All(char.IsAsciiLetterOrDigit) && Keywords.Value.TryGetValue(key, out var tag))
        {
            return tag;
        }
        throw RefusedException.BadRequest("The query is not valid", "A key is neither a DICOM keyword, nor a tag of eight hex digits, nor a QIDO-RS parameter.");
    }

    private static readonly Lazy<Dictionary<string, string>> Keywords = new(() =>
    {
        var keywords = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in DicomDictionary.Default)
        {
            if (entry.Tag is not null && entry.Keyword.Length > 0)
            {
                keywords.TryAdd(entry.Keyword, $"{entry.Tag.Group:X4}{entry.Tag.Element:X4}");
            }
        }
        return keywords;
    });
}
