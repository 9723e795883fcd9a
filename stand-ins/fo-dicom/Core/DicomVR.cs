namespace FellowOakDicom;

/// <summary>Value representation (PS3.5 section 6.2).</summary>
public class DicomVR
{
    private const byte Null = 0x00, Space = 0x20;
    private Action<string> validate;

    private DicomVR() { }

    /// <summary>No VR: items and delimiters.</summary>
    public static readonly DicomVR NONE = new() { Code = "NONE", Name = "No Value Representation", ValueType = typeof(object) };
    public static readonly DicomVR AE = Text("AE", "Application Entity", 16, DicomValidation.ValidateAE);
    public static readonly DicomVR AS = Text("AS", "Age String", 4, DicomValidation.ValidateAS);
    public static readonly DicomVR AT = Binary<DicomTag>("AT", "Attribute Tag", 4, 2, true);
    public static readonly DicomVR CS = Text("CS", "Code String", 16, DicomValidation.ValidateCS);
    public static readonly DicomVR DA = Text("DA", "Date", 18, DicomValidation.ValidateDA, type: typeof(DateTime));
    public static readonly DicomVR DS = Text("DS", "Decimal String", 16, DicomValidation.ValidateDS, type: typeof(decimal));
    public static readonly DicomVR DT = Text("DT", "Date Time", 54, DicomValidation.ValidateDT, type: typeof(DateTime));
    public static readonly DicomVR FD = Binary<double>("FD", "Floating Point Double", 8, 8, true);
    public static readonly DicomVR FL = Binary<float>("FL", "Floating Point Single", 4, 4, true);
    public static readonly DicomVR IS = Text("IS", "Integer String", 12, DicomValidation.ValidateIS, type: typeof(int));
    public static readonly DicomVR LO = Text("LO", "Long String", 64, DicomValidation.ValidateLO, encoded: true);
    public static readonly DicomVR LT = Text("LT", "Long Text", 10240, DicomValidation.ValidateLT, encoded: true, multi: false);
    public static readonly DicomVR OB = Binary<byte[]>("OB", "Other Byte", 1, 1, false);
    public static readonly DicomVR OD = Binary<double[]>("OD", "Other Double", 8, 8, false);
    public static readonly DicomVR OF = Binary<float[]>("OF", "Other Float", 4, 4, false);
    public static readonly DicomVR OL = Binary<uint[]>("OL", "Other Long", 4, 4, false);
    public static readonly DicomVR OV = Binary<ulong[]>("OV", "Other Very Long", 8, 8, false);
    public static readonly DicomVR OW = Binary<ushort[]>("OW", "Other Word", 2, 2, false);
    public static readonly DicomVR PN = Text("PN", "Person Name", 64, DicomValidation.ValidatePN, encoded: true);
    public static readonly DicomVR SH = Text("SH", "Short String", 16, DicomValidation.ValidateSH, encoded: true);
    public static readonly DicomVR SL = Binary<int>("SL", "Signed Long", 4, 4, true);
    public static readonly DicomVR SQ = new() { Code = "SQ", Name = "Sequence of Items", ValueType = typeof(DicomDataset) };
    public static readonly DicomVR SS = Binary<short>("SS", "Signed Short", 2, 2, true);
    public static readonly DicomVR ST = Text("ST", "Short Text", 1024, DicomValidation.ValidateST, encoded: true, multi: false);
    public static readonly DicomVR SV = Binary<long>("SV", "Signed Very Long", 8, 8, false);
    public static readonly DicomVR TM = Text("TM", "Time", 28, DicomValidation.ValidateTM, type: typeof(DateTime));
    public static readonly DicomVR UC = Text("UC", "Unlimited Characters", 0, encoded: true, is16bit: false);
    public static readonly DicomVR UI = Text("UI", "Unique Identifier", 64, DicomValidation.ValidateUI, padding: Null);
    public static readonly DicomVR UL = Binary<uint>("UL", "Unsigned Long", 4, 4, true);
    public static readonly DicomVR UN = Binary<byte[]>("UN", "Unknown", 1, 1, false);
    public static readonly DicomVR UR = Text("UR", "Universal Resource Identifier or Locator", 0, multi: false, is16bit: false);
    public static readonly DicomVR US = Binary<ushort>("US", "Unsigned Short", 2, 2, true);
    public static readonly DicomVR UT = Text("UT", "Unlimited Text", 0, encoded: true, multi: false, is16bit: false);
    public static readonly DicomVR UV = Binary<ulong>("UV", "Unsigned Very Long", 8, 8, false);

    private static readonly DicomVR[] All =
        [NONE, AE, AS, AT, CS, DA, DS, DT, FD, FL, IS, LO, LT, OB, OD, OF, OL, OV, OW, PN, SH, SL, SQ, SS, ST, SV, TM, UC, UI, UL, UN, UR, US, UT, UV];
    private static readonly DicomVR[] ByLetters = Index();

    public string Code { get; private init; }
    public string Name { get; private init; }
    public bool IsString { get; private init; }

    /// <summary>Whether Specific Character Set (0008,0005) applies.</summary>
    public bool IsStringEncoded { get; private init; }

    /// <summary>Whether the explicit VR encoding has a 16-bit length field (PS3.5 section 7.1.2).</summary>
    public bool Is16bitLength { get; private init; }
    public bool IsMultiValue { get; private init; }
    public byte PaddingValue { get; private init; }

    /// <summary>In characters or bytes of one value; 0 where unlimited.</summary>
    public uint MaximumLength { get; private init; }

    /// <summary>Bytes of one value.</summary>
    public int UnitSize { get; private init; }

    /// <summary>Bytes swapped together when the byte order changes.</summary>
    public int ByteSwap { get; private init; }
    public Type ValueType { get; private init; }

    /// <exception cref="DicomValidationException">The content is not allowed in this VR.</exception>
    public void ValidateString(string content) => validate?.Invoke(content);

    /// <exception cref="DicomDataException">No such VR.</exception>
    public static DicomVR Parse(string vr) =>
        TryParse(vr, out var result) ? result : throw new DicomDataException("Unknown VR");

    public static bool TryParse(string vr, out DicomVR result)
    {
        result = vr is { Length: 2 } ? Find((byte)vr[0], (byte)vr[1]) : vr == "NONE" ? NONE : null;
        return result is not null;
    }

    public static bool TryParse(byte[] vr, out DicomVR result)
    {
        result = vr is { Length: >= 2 } ? Find(vr[0], vr[1]) : null;
        return result is not null;
    }

    public override string ToString() => Code;

    internal static DicomVR Find(byte first, byte second) =>
        first - 'A' is >= 0 and < 26 && second - 'A' is >= 0 and < 26 ? ByLetters[((first - 'A') * 26) + second - 'A'] : null;

    private static DicomVR[] Index()
    {
        var index = new DicomVR[26 * 26];
        foreach (var vr in All.Where(v => v.Code.Length == 2)) index[((vr.Code[0] - 'A') * 26) + vr.Code[1] - 'A'] = vr;
        return index;
    }

    private static DicomVR Text(string code, string name, uint max, Action<string> validate = null, byte padding = Space, bool encoded = false, bool multi = true, bool is16bit = true, Type type = null) =>
        new() { Code = code, Name = name, IsString = true, IsStringEncoded = encoded, Is16bitLength = is16bit, IsMultiValue = multi, PaddingValue = padding, MaximumLength = max, UnitSize = 1, ByteSwap = 1, ValueType = type ?? typeof(string), validate = validate };

    private static DicomVR Binary<T>(string code, string name, int unit, int swap, bool is16bit) =>
        new() { Code = code, Name = name, Is16bitLength = is16bit, IsMultiValue = true, PaddingValue = Null, MaximumLength = is16bit ? (uint)unit : 0, UnitSize = unit, ByteSwap = swap, ValueType = typeof(T) };
}

/// <summary>The two-letter codes as constants.</summary>
public static class DicomVRCode
{
    public const string AE = "AE";
    public const string AS = "AS";
    public const string AT = "AT";
    public const string CS = "CS";
    public const string DA = "DA";
    public const string DS = "DS";
    public const string DT = "DT";
    public const string FD = "FD";
    public const string FL = "FL";
    public const string IS = "IS";
    public const string LO = "LO";
    public const string LT = "LT";
    public const string OB = "OB";
    public const string OD = "OD";
    public const string OF = "OF";
    public const string OL = "OL";
    public const string OV = "OV";
    public const string OW = "OW";
    public const string PN = "PN";
    public const string SH = "SH";
    public const string SL = "SL";
    public const string SQ = "SQ";
    public const string SS = "SS";
    public const string ST = "ST";
    public const string SV = "SV";
    public const string TM = "TM";
    public const string UC = "UC";
    public const string UI = "UI";
    public const string UL = "UL";
    public const string UN = "UN";
    public const string UR = "UR";
    public const string US = "US";
    public const string UT = "UT";
    public const string UV = "UV";
}
