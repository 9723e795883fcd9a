using System.Text;
using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>The element class of each VR.</summary>
internal static class ItemFactory
{
    internal static DicomElement FromBytes(DicomTag tag, DicomVR vr, IByteBuffer data, Encoding[] encodings) => vr.Code switch
    {
        "AE" => new DicomApplicationEntity(tag, data),
        "AS" => new DicomAgeString(tag, data),
        "AT" => new DicomAttributeTag(tag, data),
        "CS" => new DicomCodeString(tag, data),
        "DA" => new DicomDate(tag, data),
        "DS" => new DicomDecimalString(tag, data),
        "DT" => new DicomDateTime(tag, data),
        "FD" => new DicomFloatingPointDouble(tag, data),
        "FL" => new DicomFloatingPointSingle(tag, data),
        "IS" => new DicomIntegerString(tag, data),
        "LO" => new DicomLongString(tag, encodings, data),
        "LT" => new DicomLongText(tag, encodings, data),
        "OB" => new DicomOtherByte(tag, data),
        "OD" => new DicomOtherDouble(tag, data),
        "OF" => new DicomOtherFloat(tag, data),
        "OL" => new DicomOtherLong(tag, data),
        "OV" => new DicomOtherVeryLong(tag, data),
        "OW" => new DicomOtherWord(tag, data),
        "PN" => new DicomPersonName(tag, encodings, data),
        "SH" => new DicomShortString(tag, encodings, data),
        "SL" => new DicomSignedLong(tag, data),
        "SS" => new DicomSignedShort(tag, data),
        "ST" => new DicomShortText(tag, encodings, data),
        "SV" => new DicomSignedVeryLong(tag, data),
        "TM" => new DicomTime(tag, data),
        "UC" => new DicomUnlimitedCharacters(tag, encodings, data),
        "UI" => new DicomUniqueIdentifier(tag, data),
        "UL" => new DicomUnsignedLong(tag, data),
        "UN" => new DicomUnknown(tag, data),
        "UR" => new DicomUniversalResource(tag, encodings, data),
        "US" => new DicomUnsignedShort(tag, data),
        "UT" => new DicomUnlimitedText(tag, encodings, data),
        "UV" => new DicomUnsignedVeryLong(tag, data),
        _ => throw new DicomDataException($"{tag} cannot be an element of VR {vr.Code}"),
    };

    internal static DicomItem FromStrings(DicomTag tag, DicomVR vr, string[] values) => vr.Code switch
    {
        "AE" => new DicomApplicationEntity(tag, values),
        "AS" => new DicomAgeString(tag, values),
        "CS" => new DicomCodeString(tag, values),
        "DA" => new DicomDate(tag, values),
        "DS" => new DicomDecimalString(tag, values),
        "DT" => new DicomDateTime(tag, values),
        "IS" => new DicomIntegerString(tag, values),
        "LO" => new DicomLongString(tag, values),
        "LT" => new DicomLongText(tag, values.Single()),
        "PN" => new DicomPersonName(tag, values),
        "SH" => new DicomShortString(tag, values),
        "ST" => new DicomShortText(tag, values.Single()),
        "TM" => new DicomTime(tag, values),
        "UC" => new DicomUnlimitedCharacters(tag, values),
        "UI" => new DicomUniqueIdentifier(tag, values),
        "UR" => new DicomUniversalResource(tag, values.Single()),
        "UT" => new DicomUnlimitedText(tag, values.Single()),
        _ => null,
    };

    internal static DicomItem FromValues<T>(DicomTag tag, DicomVR vr, T[] values)
    {
        if (vr == DicomVR.SQ)
        {
            if (values is null || values.Length == 0) return new DicomSequence(tag);
            return values switch
            {
                DicomDataset[] items => new DicomSequence(tag, items),
                IEnumerable<DicomDataset>[] lists => new DicomSequence(tag, [.. lists.SelectMany(l => l)]),
                _ => null,
            };
        }
        if (values is null || values.Length == 0) return FromBytes(tag, vr, EmptyBuffer.Value, null);
        if (values is IByteBuffer[] { Length: 1 } buffers) return FromBytes(tag, vr, buffers[0], null);
        if (values is string[] texts) return FromStrings(tag, vr, texts) ?? Parse(tag, vr, texts);
        // Arrays of int and uint pass for each other in the runtime; the VR's own type is asked for.
        static bool Of<TValue>() => typeof(T) == typeof(TValue);
        return (vr.Code, values) switch
        {
            ("DA", DateTime[] v) => new DicomDate(tag, v),
            ("DA", DicomDateRange[] { Length: 1 } v) => new DicomDate(tag, v[0]),
            ("TM", DateTime[] v) => new DicomTime(tag, v),
            ("TM", DicomDateRange[] { Length: 1 } v) => new DicomTime(tag, v[0]),
            ("DT", DateTime[] v) => new DicomDateTime(tag, v),
            ("DT", DicomDateRange[] { Length: 1 } v) => new DicomDateTime(tag, v[0]),
            ("DS", decimal[] v) => new DicomDecimalString(tag, v),
            ("IS", int[] v) when Of<int>() => new DicomIntegerString(tag, v),
            ("UI", DicomUID[] v) => new DicomUniqueIdentifier(tag, v),
            ("UI", DicomTransferSyntax[] v) => new DicomUniqueIdentifier(tag, v),
            ("AT", DicomTag[] v) => new DicomAttributeTag(tag, v),
            ("FD", double[] v) => new DicomFloatingPointDouble(tag, v),
            ("FL", float[] v) => new DicomFloatingPointSingle(tag, v),
            ("SL", int[] v) when Of<int>() => new DicomSignedLong(tag, v),
            ("SS", short[] v) when Of<short>() => new DicomSignedShort(tag, v),
            ("SV", long[] v) when Of<long>() => new DicomSignedVeryLong(tag, v),
            ("UL", uint[] v) when Of<uint>() => new DicomUnsignedLong(tag, v),
            ("US", ushort[] v) when Of<ushort>() => new DicomUnsignedShort(tag, v),
            ("UV", ulong[] v) when Of<ulong>() => new DicomUnsignedVeryLong(tag, v),
            ("OB", byte[] v) when Of<byte>() => new DicomOtherByte(tag, v),
            ("UN", byte[] v) when Of<byte>() => new DicomUnknown(tag, v),
            ("OD", double[] v) => new DicomOtherDouble(tag, v),
            ("OF", float[] v) => new DicomOtherFloat(tag, v),
            ("OL", uint[] v) when Of<uint>() => new DicomOtherLong(tag, v),
            ("OV", ulong[] v) when Of<ulong>() => new DicomOtherVeryLong(tag, v),
            ("OW", ushort[] v) when Of<ushort>() => new DicomOtherWord(tag, v),
            ("OW", byte[] v) when Of<byte>() => new DicomOtherWord(tag, new MemoryByteBuffer(v)),
            _ => null,
        };
    }

    // Texts for binary VRs, one value each or with backslashes between them.
    private static DicomItem Parse(DicomTag tag, DicomVR vr, string[] texts)
    {
        var parts = (texts.Length == 1 ? texts[0].Split('\\') : texts).Where(t => !string.IsNullOrWhiteSpace(t)).ToArray();
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        try
        {
            return vr.Code switch
            {
                "AT" => new DicomAttributeTag(tag, Array.ConvertAll(parts, DicomTag.Parse)),
                "FD" => new DicomFloatingPointDouble(tag, Array.ConvertAll(parts, p => double.Parse(p, culture))),
                "FL" => new DicomFloatingPointSingle(tag, Array.ConvertAll(parts, p => float.Parse(p, culture))),
                "SL" => new DicomSignedLong(tag, Array.ConvertAll(parts, p => int.Parse(p, culture))),
                "SS" => new DicomSignedShort(tag, Array.ConvertAll(parts, p => short.Parse(p, culture))),
                "SV" => new DicomSignedVeryLong(tag, Array.ConvertAll(parts, p => long.Parse(p, culture))),
                "UL" => new DicomUnsignedLong(tag, Array.ConvertAll(parts, p => uint.Parse(p, culture))),
                "US" => new DicomUnsignedShort(tag, Array.ConvertAll(parts, p => ushort.Parse(p, culture))),
                "UV" => new DicomUnsignedVeryLong(tag, Array.ConvertAll(parts, p => ulong.Parse(p, culture))),
                _ => null,
            };
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new DicomDataException($"{tag} cannot hold this text as {vr.Code}");
        }
    }
}
