using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MedGan.Api.Downloads;

/// <summary>Attribute matching of PS3.4 section C.2.2.2 on DICOM JSON: single value, list of UIDs, wild card, range, universal.</summary>
public static class AttributeMatch
{
    private static readonly HashSet<string> Ranged = ["DA", "TM", "DT"];
    private static readonly HashSet<string> Wild = ["AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"];

    /// <summary>Whether the attribute of a data set matches the key.</summary>
    public static bool Holds(JsonObject dataSet, string tag, string wanted)
    {
        if (wanted.Length == 0 || wanted == "*")
        {
            return true;
        }
        if (dataSet[tag] is not JsonObject attribute)
        {
            return false;
        }
        var vr = (string?)attribute["vr"] ?? "";
        return Values(attribute).Any(value => Matches(vr, value, wanted));
    }

    private static bool Matches(string vr, string value, string wanted)
    {
        if (vr == "UI")
        {
            return wanted.Split(',', '\\').Contains(value, StringComparer.Ordinal);
        }
        if (Ranged.Contains(vr) && wanted.IndexOf('-') is var dash and >= 0)
        {
            var (from, to) = (wanted[..dash], wanted[(dash + 1)..]);
            return string.CompareOrdinal(value, from) >= 0
                && (to.Length == 0 || string.CompareOrdinal(value.Length > to.Length ? value[..to.Length] : value, to) <= 0);
        }
        if (Wild.Contains(vr) && wanted.AsSpan().ContainsAny('*', '?'))
        {
            var pattern = Regex.Escape(wanted).Replace(@"\*", ".*", StringComparison.Ordinal).Replace(@"\?", ".", StringComparison.Ordinal);
            return Regex.IsMatch(value, $@"\A{pattern}\z", Options(vr) | RegexOptions.NonBacktracking | RegexOptions.Singleline);
        }
        return string.Equals(value, wanted, vr == "PN" ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
    }

    private static RegexOptions Options(string vr) => RegexOptions.CultureInvariant | (vr == "PN" ? RegexOptions.IgnoreCase : RegexOptions.None);

    private static IEnumerable<string> Values(JsonObject attribute) => attribute["Value"] is not JsonArray values
        ? []
        : values.Select(v => v is JsonObject name ? (string?)name["Alphabetic"] : v?.ToString()).OfType<string>();
}
