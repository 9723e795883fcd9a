using System.Globalization;
using System.Text.Json;
using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom.Serialization;

/// <summary>Reads one object as a data set (PS3.18 F.2).</summary>
internal sealed class JsonDatasetReader(bool validate)
{
    internal DicomDataset Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new JsonException("A DICOM JSON object is expected");
        var dataset = new DicomDataset { AutoValidate = false };
        foreach (var property in json.EnumerateObject())
        {
            var tag = Tag(property.Name);
            if (tag.IsPrivate && tag.Element > 0xff && dataset.TryGetString(new DicomTag(tag.Group, (ushort)(tag.Element >> 8)), out var creator))
                tag = new DicomTag(tag.Group, tag.Element, DicomDictionary.Default.CreatorOf(creator.TrimEnd()));
            var item = Item(tag, property.Value);
            if (validate) item.Validate();
            dataset.AddOrUpdate(item);
        }
        dataset.AutoValidate = validate;
        return dataset;
    }

    private static DicomTag Tag(string name)
    {
        try
        {
            return DicomTag.Parse(name);
        }
        catch (DicomDataException e)
        {
            throw new JsonException("A property is neither a tag nor a keyword", e);
        }
    }

    private DicomItem Item(DicomTag tag, JsonElement json)
    {
        var vr = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("vr", out var code) && code.ValueKind == JsonValueKind.String && DicomVR.TryParse(code.GetString(), out var named)
            ? named : throw new JsonException($"{tag} has no VR");
        if (json.TryGetProperty("BulkDataURI", out var uri)) return ItemFactory.FromBytes(tag, vr, new BulkDataUriByteBuffer(uri.GetString()), null);
        if (json.TryGetProperty("InlineBinary", out var inline))
            return ItemFactory.FromBytes(tag, vr, inline.TryGetBytesFromBase64(out var bytes) ? new MemoryByteBuffer(bytes) : throw new JsonException($"{tag} holds no base 64"), null);
        JsonElement[] values = json.TryGetProperty("Value", out var array) && array.ValueKind == JsonValueKind.Array ? [.. array.EnumerateArray()] : [];
        if (vr == DicomVR.SQ) return new DicomSequence(tag, [.. values.Select(v => v.ValueKind == JsonValueKind.Null ? new DicomDataset() : Read(v))]);
        try
        {
            if (vr.IsString) return values.Length == 0 ? ItemFactory.FromBytes(tag, vr, EmptyBuffer.Value, null) : ItemFactory.FromStrings(tag, vr, Array.ConvertAll(values, v => Text(vr, v)));
            return Number(tag, vr, values);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or OverflowException)
        {
            throw new JsonException($"{tag} holds a value that is no {vr.Code}", e);
        }
    }

    private static string Text(DicomVR vr, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => string.Empty,
        JsonValueKind.Number when vr == DicomVR.DS || vr == DicomVR.IS => value.GetRawText(),
        JsonValueKind.Object when vr == DicomVR.PN => string.Join('=', Group(value, "Alphabetic"), Group(value, "Ideographic"), Group(value, "Phonetic")).TrimEnd('='),
        _ => value.GetString(),
    };

    private static string Group(JsonElement name, string group) => name.TryGetProperty(group, out var text) ? text.GetString() : string.Empty;

    private static DicomItem Number(DicomTag tag, DicomVR vr, JsonElement[] values) => vr.Code switch
    {
        "AT" => new DicomAttributeTag(tag, Array.ConvertAll(values, v => DicomTag.Parse(v.GetString()))),
        "FL" => new DicomFloatingPointSingle(tag, Array.ConvertAll(values, v => (float)Real(v))),
        "FD" => new DicomFloatingPointDouble(tag, Array.ConvertAll(values, Real)),
        "SS" => new DicomSignedShort(tag, Array.ConvertAll(values, v => checked((short)Whole(v)))),
        "US" => new DicomUnsignedShort(tag, Array.ConvertAll(values, v => checked((ushort)Whole(v)))),
        "SL" => new DicomSignedLong(tag, Array.ConvertAll(values, v => checked((int)Whole(v)))),
        "UL" => new DicomUnsignedLong(tag, Array.ConvertAll(values, v => checked((uint)Whole(v)))),
        "SV" => new DicomSignedVeryLong(tag, Array.ConvertAll(values, v => checked((long)Whole(v)))),
        "UV" => new DicomUnsignedVeryLong(tag, Array.ConvertAll(values, v => checked((ulong)Whole(v)))),
        _ when values.Length == 0 => ItemFactory.FromBytes(tag, vr, EmptyBuffer.Value, null),
        _ => throw new JsonException($"{tag} holds values where binary data are expected"),
    };

    private static double Real(JsonElement value) => value.ValueKind != JsonValueKind.String ? value.GetDouble() : value.GetString() switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        var text => double.Parse(text, CultureInfo.InvariantCulture),
    };

    private static decimal Whole(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? decimal.Parse(value.GetString(), CultureInfo.InvariantCulture) : value.GetDecimal();
}
