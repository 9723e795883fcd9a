using System.Text;

namespace FellowOakDicom;

/// <summary>Code extension with escape sequences (PS3.5 section 6.1.2.5, PS3.3 table C.12-3 and C.12-4).</summary>
internal static class Iso2022
{
    internal const byte Escape = 0x1b;

    // Escape sequence (without its first byte), defined term, bytes of seven bits that replace G0.
    private static readonly (string Sequence, string Term, bool G0)[] Sets =
    [
        ("(B", "ISO_IR 6", true), ("(J", "ISO_IR 13", true), (")I", "ISO_IR 13", false),
        ("$B", "ISO 2022 IR 87", true), ("$(D", "ISO 2022 IR 159", true), ("$)C", "ISO 2022 IR 149", false), ("$)A", "ISO 2022 IR 58", false),
        ("-A", "ISO_IR 100", false), ("-B", "ISO_IR 101", false), ("-C", "ISO_IR 109", false), ("-D", "ISO_IR 110", false),
        ("-F", "ISO_IR 126", false), ("-G", "ISO_IR 127", false), ("-H", "ISO_IR 138", false), ("-L", "ISO_IR 144", false),
        ("-M", "ISO_IR 148", false), ("-T", "ISO_IR 166", false), ("-b", "ISO_IR 203", false),
    ];

    internal static string Decode(ReadOnlySpan<byte> bytes, Encoding[] encodings, DicomVR vr)
    {
        var text = new StringBuilder();
        var current = encodings[0];
        var wide = false;
        var start = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == Escape && Match(bytes[(i + 1)..]) is { } set)
            {
                text.Append(current.GetString(bytes[start..i]));
                current = set.Sequence == "(B" ? encodings[0] : DicomEncoding.GetEncoding(set.Term);
                wide = current is JisEncoding;
                i += set.Sequence.Length;
                start = i + 1;
            }
            else if (IsDelimiter(bytes[i], vr) && !wide)
            {
                // The initial set is back in force after each delimiter (PS3.5 section 6.1.2.5.3).
                text.Append(current.GetString(bytes[start..i]));
                current = encodings[0];
                start = i;
            }
            else if (wide && i + 1 < bytes.Length && bytes[i] > 0x20) i++;
            else if (!wide && bytes[i] >= 0x80 && i + 1 < bytes.Length && bytes[i + 1] < 0x80 && IsShiftJisLead(current, bytes[i])) i++;
        }
        return text.Append(current.GetString(bytes[start..])).ToString();
    }

    internal static byte[] Encode(string text, Encoding[] encodings, DicomVR vr)
    {
        using var bytes = new MemoryStream();
        var current = encodings[0];
        foreach (var c in text)
        {
            if (c < 0x80)
            {
                if (current is JisEncoding) Switch(bytes, encodings[0], ref current);
                bytes.WriteByte((byte)c);
                if (IsDelimiter((byte)c, vr)) current = encodings[0];
                continue;
            }
            if (!Holds(current, c)) Switch(bytes, Array.Find(encodings, e => Holds(e, c)) ?? encodings[0], ref current);
            bytes.Write(current.GetBytes([c]));
        }
        if (current is JisEncoding) Switch(bytes, encodings[0], ref current);
        return bytes.ToArray();
    }

    private static void Switch(MemoryStream bytes, Encoding target, ref Encoding current)
    {
        if (ReferenceEquals(target, current)) return;
        var wasWide = current is JisEncoding;
        current = target;
        var set = Array.Find(Sets, s => s.Term != "ISO_IR 13" && Same(DicomEncoding.GetEncoding(s.Term), target));
        if (set.Sequence is null || (wasWide && !set.G0)) bytes.Write("\u001b(B"u8);
        if (target.WebName == "shift_jis") bytes.Write("\u001b)I"u8);
        else if (set.Sequence is not null) bytes.Write(Encoding.ASCII.GetBytes("\u001b" + set.Sequence));
    }

    private static (string Sequence, string Term, bool G0)? Match(ReadOnlySpan<byte> rest)
    {
        foreach (var set in Sets)
            if (rest.Length >= set.Sequence.Length && Ascii.Equals(rest[..set.Sequence.Length], set.Sequence)) return set;
        return null;
    }

    // Only there may a second byte look like a delimiter.
    private static bool IsShiftJisLead(Encoding encoding, byte b) => encoding.WebName == "shift_jis" && b is (>= 0x81 and <= 0x9f) or (>= 0xe0 and <= 0xfc);

    private static bool Same(Encoding one, Encoding other) => one is JisEncoding ? ReferenceEquals(one, other) : one.Equals(other);

    private static bool Holds(Encoding encoding, char c)
    {
        if (encoding is JisEncoding jis) return jis.Holds(c);
        if (encoding.CodePage == 20127) return c < 0x80;
        // As ISO-IR 13 the Japanese code page stands for half-width katakana only.
        if (encoding.WebName == "shift_jis") return c is >= '\uff61' and <= '\uff9f';
        return encoding.GetString(encoding.GetBytes([c])) is [var back] && back == c;
    }

    private static bool IsDelimiter(byte b, DicomVR vr) =>
        b is 0x09 or 0x0a or 0x0c or 0x0d || (b == '\\' && vr.IsMultiValue) || (vr == DicomVR.PN && b is (byte)'^' or (byte)'=');
}
