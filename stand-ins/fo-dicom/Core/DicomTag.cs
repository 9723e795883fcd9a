using System.Globalization;

namespace FellowOakDicom;

/// <summary>An attribute's tag (PS3.5 section 7.1.1). The fields come from Tables/tags.tsv (PS3.6).</summary>
public sealed partial class DicomTag : IFormattable, IEquatable<DicomTag>, IComparable<DicomTag>, IComparable
{
    public DicomTag(ushort group, ushort element) => (Group, Element) = (group, element);

    public DicomTag(ushort group, ushort element, string privateCreator)
        : this(group, element, DicomDictionary.Default.GetPrivateCreator(privateCreator)) { }

    public DicomTag(ushort group, ushort element, DicomPrivateCreator privateCreator) : this(group, element) =>
        PrivateCreator = privateCreator;

    public ushort Group { get; }
    public ushort Element { get; }

    /// <summary>Odd group.</summary>
    public bool IsPrivate => (Group & 1) != 0;
    public DicomPrivateCreator PrivateCreator { get; set; }
    public DicomDictionaryEntry DictionaryEntry => DicomDictionary.Default[this];

    internal uint Value => ((uint)Group << 16) | Element;
    internal bool IsGroupLength => Element == 0;
    internal bool IsPrivateCreatorSlot => IsPrivate && Element is >= 0x10 and <= 0xff;
    internal static DicomTag FromValue(uint value) => new((ushort)(value >> 16), (ushort)value);

    public static implicit operator DicomTag(uint tag) => FromValue(tag);
    public static explicit operator uint(DicomTag tag) => tag.Value;
    public static bool operator ==(DicomTag a, DicomTag b) => a is null ? b is null : a.Equals(b);
    public static bool operator !=(DicomTag a, DicomTag b) => !(a == b);

    public int CompareTo(DicomTag other)
    {
        if (other is null) return 1;
        if (Value != other.Value) return Value.CompareTo(other.Value);
        if (PrivateCreator is null) return other.PrivateCreator is null ? 0 : -1;
        return PrivateCreator.CompareTo(other.PrivateCreator);
    }

    public int CompareTo(object obj) => CompareTo(obj as DicomTag ?? throw new ArgumentException("A DicomTag is expected", nameof(obj)));
    public bool Equals(DicomTag other) => other is not null && Value == other.Value && Equals(PrivateCreator, other.PrivateCreator);
    public override bool Equals(object obj) => Equals(obj as DicomTag);
    public override int GetHashCode() => (int)Value;

    /// <summary>Parses gggg,eeee, (gggg,eeee), ggggeeee, each with an optional :creator, or a keyword.</summary>
    /// <exception cref="DicomDataException">Neither form.</exception>
    public static DicomTag Parse(string s)
    {
        if (string.IsNullOrWhiteSpace(s)) throw new DicomDataException("Unable to parse an empty DICOM tag");
        var text = s.Trim();
        if (text.StartsWith('(') && text.EndsWith(')')) text = text[1..^1];
        string creator = null;
        if (text.IndexOf(':') is >= 0 and var colon) (text, creator) = (text[..colon], text[(colon + 1)..]);
        var digits = text.Length == 9 && text[4] == ',' ? text.Remove(4, 1) : text;
        if (digits.Length == 8 && uint.TryParse(digits.Replace('x', '0'), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value))
            return creator is null ? FromValue(value) : new DicomTag((ushort)(value >> 16), (ushort)value, creator);
        return DicomDictionary.Default.FindKeyword(text) ?? throw new DicomDataException("Error parsing DICOM tag");
    }

    public override string ToString() => ToString("G", null);

    /// <summary>G: (gggg,eeee) with the private creator; J: GGGGEEEE as in DICOM JSON; X: private elements as xxee.</summary>
    public string ToString(string format, IFormatProvider formatProvider) => format switch
    {
        "J" => $"{Value:X8}",
        "X" when PrivateCreator is not null => $"({Group:x4},xx{Element & 0xff:x2}:{PrivateCreator.Creator})",
        _ when PrivateCreator is not null => $"({Group:x4},{Element:x4}:{PrivateCreator.Creator})",
        _ => $"({Group:x4},{Element:x4})",
    };
}
