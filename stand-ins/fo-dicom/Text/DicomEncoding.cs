using System.Text;

namespace FellowOakDicom;

/// <summary>The character sets of Specific Character Set (0008,0005) (PS3.3 section C.12.1.1.2).</summary>
public static class DicomEncoding
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        [""] = "us-ascii",
        ["ISO_IR 6"] = "us-ascii",
        ["ISO_IR 13"] = "shift_jis",
        ["ISO_IR 100"] = "iso-8859-1",
        ["ISO_IR 101"] = "iso-8859-2",
        ["ISO_IR 109"] = "iso-8859-3",
        ["ISO_IR 110"] = "iso-8859-4",
        ["ISO_IR 126"] = "iso-8859-7",
        ["ISO_IR 127"] = "iso-8859-6",
        ["ISO_IR 138"] = "iso-8859-8",
        ["ISO_IR 144"] = "iso-8859-5",
        ["ISO_IR 148"] = "iso-8859-9",
        ["ISO_IR 166"] = "windows-874",
        ["ISO_IR 192"] = "utf-8",
        ["ISO_IR 203"] = "iso-8859-15",
        ["GBK"] = "gbk",
        ["GB18030"] = "gb18030",
        ["ISO 2022 IR 58"] = "gb2312",
        ["ISO 2022 IR 149"] = "euc-kr",
    };
    private static readonly Dictionary<string, Encoding> Found = new(StringComparer.Ordinal);

    static DicomEncoding() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>What texts are in where no character set is named.</summary>
    public static readonly Encoding Default = Encoding.ASCII;
    public static readonly Encoding[] DefaultArray = [Default];

    /// <summary>Makes a further defined term known.</summary>
    public static void RegisterEncoding(string charset, string encoding)
    {
        lock (Found)
        {
            Names[charset] = encoding;
            Found.Remove(charset);
        }
    }

    /// <summary>The encodings of all defined terms; the first is the one that texts start in.</summary>
    public static Encoding[] GetEncodings(string[] charsets)
    {
        if (charsets is null || charsets.Length == 0) return DefaultArray;
        // UTF-8, GB 18030 and GBK stand alone (PS3.3 C.12.1.1.2).
        if (charsets.FirstOrDefault(c => c.Trim() is "ISO_IR 192" or "GB18030" or "GBK") is { } alone) return [GetEncoding(alone)];
        var encodings = Array.ConvertAll(charsets, GetEncoding);
        return encodings[0] is JisEncoding ? [Default, .. encodings] : encodings;
    }

    /// <summary>The encoding of a defined term; <see cref="Default"/> for an unknown one.</summary>
    public static Encoding GetEncoding(string charset)
    {
        var term = (charset ?? string.Empty).Trim().ToUpperInvariant();
        lock (Found)
        {
            if (Found.TryGetValue(term, out var encoding)) return encoding;
            // Terms that are none are not kept: files may hold any number of them.
            return Find(term) is { } found ? Found[term] = found : Default;
        }
    }

    internal static string Decode(byte[] bytes, Encoding[] encodings, DicomVR vr) =>
        Array.IndexOf(bytes, Iso2022.Escape) < 0 || StandsAlone(encodings[0])
            ? encodings[0].GetString(bytes) : Iso2022.Decode(bytes, encodings, vr);

    internal static byte[] Encode(string text, Encoding[] encodings, DicomVR vr) =>
        encodings.Length == 1 || Ascii.IsValid(text) ? encodings[0].GetBytes(text) : Iso2022.Encode(text, encodings, vr);

    private static bool StandsAlone(Encoding encoding) => encoding.WebName is "utf-8" or "gb18030";

    private static Encoding Find(string term)
    {
        if (term is "ISO 2022 IR 87") return JisEncoding.X0208;
        if (term is "ISO 2022 IR 159") return JisEncoding.X0212;
        if (Names.TryGetValue(term, out var name)) return Encoding.GetEncoding(name);
        var plain = term.Replace("ISO 2022 IR ", "ISO_IR ").Replace("ISO-IR ", "ISO_IR ").Replace("ISO IR ", "ISO_IR ");
        if (Names.TryGetValue(plain, out name)) return Encoding.GetEncoding(name);
        return null;
    }
}
