using System.Globalization;
using System.Text.RegularExpressions;

namespace FellowOakDicom;

/// <summary>The rules of PS3.5 table 6.2-1, one method a VR, for one value each; queries' wildcards and ranges are allowed where they may stand.</summary>
public static partial class DicomValidation
{
    public static void ValidateAE(string content)
    {
        AtMost(16, content, DicomVR.AE);
        Printable(content, DicomVR.AE);
    }

    public static void ValidateAS(string content) => Matches(Age(), content, DicomVR.AS, "value does not have pattern 000[DWMY]");

    public static void ValidateCS(string content)
    {
        AtMost(16, content, DicomVR.CS);
        Matches(Code(), content, DicomVR.CS, "value contains invalid character. Only uppercase letters, digits, underscore and space are allowed");
    }

    public static void ValidateDA(string content)
    {
        foreach (var part in RangeParts(content))
            if (!DateTime.TryParseExact(part, ["yyyyMMdd", "yyyy.MM.dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
                throw new DicomValidationException(content, DicomVR.DA, "one of the date values does not match the pattern YYYYMMDD");
    }

    public static void ValidateDS(string content)
    {
        AtMost(16, content, DicomVR.DS);
        Matches(Decimal(), content, DicomVR.DS, "value is no decimal string");
    }

    public static void ValidateDT(string content)
    {
        if (!string.IsNullOrEmpty(content) && !DateTimes().IsMatch(content))
            throw new DicomValidationException(content, DicomVR.DT, "value does not match pattern YYYYMMDDHHMMSS.FFFFFF&ZZXX");
    }

    public static void ValidateIS(string content)
    {
        AtMost(12, content, DicomVR.IS);
        Matches(Integer(), content, DicomVR.IS, "value is not an integer string");
        if (!string.IsNullOrWhiteSpace(content) && !int.TryParse(content, NumberStyles.Integer, CultureInfo.InvariantCulture, out _))
            throw new DicomValidationException(content, DicomVR.IS, "value is too large to fit 32 bit");
    }

    public static void ValidateLO(string content)
    {
        AtMost(64, content, DicomVR.LO);
        NoDelimiter(content, DicomVR.LO);
    }

    public static void ValidateLT(string content) => AtMost(10240, content, DicomVR.LT);

    public static void ValidatePN(string content)
    {
        if (string.IsNullOrEmpty(content)) return;
        var groups = content.Split('=');
        if (groups.Length > 3) throw new DicomValidationException(content, DicomVR.PN, "value contains too many groups");
        foreach (var group in groups)
        {
            if (group.Length > 64) throw new DicomValidationException(content, DicomVR.PN, "value exceeds maximum length of 64 characters");
            if (group.Split('^').Length > 5) throw new DicomValidationException(content, DicomVR.PN, "value contains too many components");
        }
        NoDelimiter(content, DicomVR.PN);
    }

    public static void ValidateSH(string content)
    {
        AtMost(16, content, DicomVR.SH);
        NoDelimiter(content, DicomVR.SH);
    }

    public static void ValidateST(string content) => AtMost(1024, content, DicomVR.ST);

    public static void ValidateTM(string content)
    {
        foreach (var part in RangeParts(content))
            if (!Time().IsMatch(part))
                throw new DicomValidationException(content, DicomVR.TM, "value does not match pattern HHMMSS.FFFFFF");
    }

    public static void ValidateUI(string content)
    {
        if (string.IsNullOrEmpty(content)) return;
        AtMost(64, content, DicomVR.UI);
        if (!DicomUID.IsValidUid(content)) throw new DicomValidationException(content, DicomVR.UI, "value is no valid UID");
    }

    private static string[] RangeParts(string content) =>
        (content ?? string.Empty).Split('-').Select(p => p.Trim()).Where(p => p.Length > 0).ToArray();

    private static void AtMost(int length, string content, DicomVR vr)
    {
        if (content?.Length > length) throw new DicomValidationException(content, vr, $"value exceeds maximum length of {length} characters");
    }

    private static void Matches(Regex pattern, string content, DicomVR vr, string reason)
    {
        if (!string.IsNullOrWhiteSpace(content) && !pattern.IsMatch(content)) throw new DicomValidationException(content, vr, reason);
    }

    private static void NoDelimiter(string content, DicomVR vr)
    {
        if (content is not null && (content.Contains('\\') || content.Any(c => char.IsControl(c) && c != '\u001b')))
            throw new DicomValidationException(content, vr, "value contains invalid character");
    }

    private static void Printable(string content, DicomVR vr)
    {
        if (content is not null && content.Any(c => c == '\\' || char.IsControl(c)))
            throw new DicomValidationException(content, vr, "value contains invalid character");
    }

    [GeneratedRegex(@"^\d{3}[DWMY] ?$")] private static partial Regex Age();
    [GeneratedRegex("^[A-Z0-9_ ]*$")] private static partial Regex Code();
    [GeneratedRegex(@"^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$")] private static partial Regex Decimal();
    [GeneratedRegex(@"^\s*[+-]?\d+\s*$")] private static partial Regex Integer();
    [GeneratedRegex(@"^\d{2}(:?\d{2}(:?\d{2}(\.\d{1,6})?)?)?$")] private static partial Regex Time();
    private const string Moment = @"\d{4}(\d{2}(\d{2}(\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?)?)?)?([+-]\d{4})?";
    [GeneratedRegex("^(" + Moment + " ?| ?-" + Moment + " ?|" + Moment + " ?-( ?" + Moment + ")? ?)$")] private static partial Regex DateTimes();
}
