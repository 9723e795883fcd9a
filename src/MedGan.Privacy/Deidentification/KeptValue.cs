using System.Globalization;
using FellowOakDicom;

namespace MedGan.Privacy.Deidentification;

/// <summary>
/// Makes the value of a kept attribute anew from what was read, so that nothing travels along that was not understood: not the
/// original bytes, padding or character set, no text outside a list of terms, no number of an implausible size.
/// </summary>
internal static class KeptValue
{
    // Dates (20240131), telephone and record numbers are larger than any quantity that is kept.
    private const double Largest = 1e7;
    private const double Smallest = 1e-12;

    // Bytes. What is kept is far shorter; a text of separators only would become a hundred times as large when it is split.
    private const uint LongestText = 64 * 1024;

    /// <summary>The attribute with its value made anew; null if the value is not acceptable.</summary>
    public static DicomItem? Make(DicomElement element, KeptAttribute rule)
    {
        if (!element.Tag.DictionaryEntry.ValueRepresentations.Contains(element.ValueRepresentation)) return null;
        return rule.Kind switch
        {
            KeptKind.Number => Number(element, rule),
            KeptKind.Terms => Terms(element, rule),
            KeptKind.Letters => Letters(element, rule),
            KeptKind.Uid => StandardUid(element),
            _ => null,
        };
    }

    /// <summary>A text attribute of the given VR.</summary>
    public static DicomItem Text(DicomTag tag, DicomVR vr, params string[] values) => vr.Code switch
    {
        "CS" => new DicomCodeString(tag, values),
        "DS" => new DicomDecimalString(tag, values),
        "IS" => new DicomIntegerString(tag, values),
        "SH" => new DicomShortString(tag, values),
        "LO" => new DicomLongString(tag, values),
        "PN" => new DicomPersonName(tag, values),
        "DA" => new DicomDate(tag, values),
        "TM" => new DicomTime(tag, values),
        "DT" => new DicomDateTime(tag, values),
        "UI" => new DicomUniqueIdentifier(tag, values),
        _ => throw new NotSupportedException("No text attribute of this value representation is written."),
    };

    /// <summary>The values of a text element, trimmed; none if it is empty or longer than any that is kept.</summary>
    public static string[] Values(DicomElement element)
    {
        if (!element.ValueRepresentation.IsString || element.Length is 0 or > LongestText) return [];
        string[] values = [.. element.Get<string[]>().Select(value => value.Trim(' ', '\0'))];
        return values.All(value => value.Length == 0) ? [] : values;
    }

    private static DicomItem? Number(DicomElement element, KeptAttribute rule)
    {
        var (tag, vr) = (element.Tag, element.ValueRepresentation);
        if (vr.IsString ? element.Length > LongestText : IsText(element.Buffer.Data)) return null;
        if (element.Count > rule.MostValues) return null;
        switch (vr.Code)
        {
            case "DS":
            case "IS":
                string[] texts = Values(element);
                bool whole = vr.Code == "IS";
                return texts.All(text => IsPlausible(text, whole)) ? Text(tag, vr, texts) : null;
            case "US": return new DicomUnsignedShort(tag, element.Get<ushort[]>());
            case "SS": return new DicomSignedShort(tag, element.Get<short[]>());
            case "UL": return element.Get<uint[]>() is var ul && ul.All(v => v < Largest) ? new DicomUnsignedLong(tag, ul) : null;
            case "SL": return element.Get<int[]>() is var sl && sl.All(v => Math.Abs((double)v) < Largest) ? new DicomSignedLong(tag, sl) : null;
            case "FL": return element.Get<float[]>() is var fl && fl.All(v => IsPlausible(v)) ? new DicomFloatingPointSingle(tag, fl) : null;
            case "FD": return element.Get<double[]>() is var fd && fd.All(IsPlausible) ? new DicomFloatingPointDouble(tag, fd) : null;
            default: return null;
        }
    }

    /// <summary>Four and more bytes that are all printable ASCII: rather a text in disguise than numbers.</summary>
    private static bool IsText(ReadOnlySpan<byte> bytes) => bytes.Length >= 4 && !bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~');

    private static bool IsPlausible(string text, bool whole)
    {
        if (text.Length is 0 or > 24 || text.AsSpan().ContainsAnyExcept("0123456789+-.eE")) return false;
        var style = whole ? NumberStyles.AllowLeadingSign : NumberStyles.Float;
        return double.TryParse(text, style, CultureInfo.InvariantCulture, out double number) && IsPlausible(number);
    }

    private static bool IsPlausible(double number) => number == 0 || Math.Abs(number) is > Smallest and < Largest;

    private static DicomItem? Terms(DicomElement element, KeptAttribute rule)
    {
        string[] values = [.. Values(element).Select(value => value.ToUpperInvariant())];
        if (values.Length == 0) return Text(element.Tag, element.ValueRepresentation);
        if (rule.MostValues == 1 || rule.Otherwise == "remove")
            return values.Length <= rule.MostValues && values.All(rule.Terms.Contains) ? Text(element.Tag, element.ValueRepresentation, values) : null;
        // Several values whose places matter: an unknown one is replaced where it stands.
        string? other = rule.Otherwise is ['=', .. var dummy] ? dummy : null;
        string[] known = other is null ? [.. values.Where(rule.Terms.Contains)] : [.. values.Select(value => rule.Terms.Contains(value) ? value : other)];
        return known.Length == 0 ? null : Text(element.Tag, element.ValueRepresentation, known[..Math.Min(known.Length, rule.MostValues)]);
    }

    private static DicomItem? Letters(DicomElement element, KeptAttribute rule)
    {
        string[] values = Values(element);
        return values.Length <= rule.MostValues && values.All(value => value.Length <= 3 && IsDirection(value))
            ? Text(element.Tag, element.ValueRepresentation, values) : null;
    }

    /// <summary>At most one of each pair of opposite directions: L or R, A or P, H or F.</summary>
    private static bool IsDirection(string value)
    {
        int used = 0;
        foreach (char letter in value)
        {
            int axis = letter switch { 'L' or 'R' => 1, 'A' or 'P' => 2, 'H' or 'F' => 4, _ => 0 };
            if (axis == 0 || (used & axis) != 0) return false;
            used |= axis;
        }
        return true;
    }

    private static DicomItem? StandardUid(DicomElement element)
    {
        string[] values = Values(element);
        return values is [var uid] && DicomUID.Parse(uid) is { Type: not DicomUidType.Unknown } ? Text(element.Tag, DicomVR.UI, uid) : null;
    }
}
