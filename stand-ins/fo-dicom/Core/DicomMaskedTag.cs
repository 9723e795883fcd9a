using System.Globalization;

namespace FellowOakDicom;

/// <summary>A tag with wildcard digits, such as (60xx,3000).</summary>
public sealed class DicomMaskedTag : IFormattable
{
    /// <summary>Every digit counts.</summary>
    public const uint FullMask = 0xffffffff;
    private DicomTag tag;

    public DicomMaskedTag(DicomTag tag) : this(tag, FullMask) { }

    internal DicomMaskedTag(DicomTag tag, uint mask)
    {
        this.tag = tag;
        Mask = mask;
    }

    public DicomTag Tag { get => tag; set => tag = value; }
    public ushort Group => tag.Group;
    public ushort Element => tag.Element;
    public uint Card => ((uint)tag.Group << 16) | tag.Element;
    public uint Mask { get; }

    public bool IsMatch(DicomTag tag) => (tag.Value & Mask) == (Card & Mask);

    public static DicomMaskedTag Parse(string group, string element) => Parse(group + element);

    /// <summary>Parses ggggeeee, gggg,eeee or (gggg,eeee) where x stands for any digit.</summary>
    public static DicomMaskedTag Parse(string s)
    {
        var digits = new string([.. s.Where(c => c is not ('(' or ')' or ',' or ' '))]).ToLowerInvariant();
        var card = digits.Replace('x', '0');
        if (card.Length != 8 || !uint.TryParse(card, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value))
            throw new DicomDataException("Error parsing masked DICOM tag");
        uint mask = 0;
        foreach (var c in digits) mask = (mask << 4) | (c == 'x' ? 0u : 0xfu);
        return new DicomMaskedTag(DicomTag.FromValue(value), mask);
    }

    public override string ToString() => ToString("G", null);

    public string ToString(string format, IFormatProvider formatProvider)
    {
        var hex = $"{Card:x8}".ToCharArray();
        for (var i = 0; i < 8; i++) if (((Mask >> (28 - (4 * i))) & 0xf) == 0) hex[i] = 'x';
        var text = new string(hex);
        return format is null or "G" ? $"({text[..4]},{text[4..]})" : text;
    }
}
