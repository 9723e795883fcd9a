using System.Globalization;
using System.Text.Json;
using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom.Serialization;

/// <summary>Writes one data set as an object (PS3.18 F.2).</summary>
internal sealed class JsonDatasetWriter(Utf8JsonWriter json, bool keywords, NumberSerializationMode numbers)
{
    private static readonly string[] NameGroups = ["Alphabetic", "Ideographic", "Phonetic"];

    internal void Write(DicomDataset dataset)
    {
        json.WriteStartObject();
        foreach (var item in dataset)
        {
            // Group lengths have no meaning here (PS3.18 F.2.2).
            if (item.Tag.IsGroupLength) continue;
            json.WriteStartObject(Name(item.Tag));
            json.WriteString("vr", item.ValueRepresentation.Code);
            switch (item)
            {
                case DicomSequence { Items.Count: > 0 } sequence: Sequence(sequence); break;
                case DicomElement element: Element(element); break;
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private string Name(DicomTag tag) =>
        keywords && !tag.IsPrivate && tag.DictionaryEntry is { } entry && !ReferenceEquals(entry, DicomDictionary.UnknownTag) && entry.MaskTag is null
            ? entry.Keyword : tag.ToString("J", null);

    private void Sequence(DicomSequence sequence)
    {
        json.WriteStartArray("Value");
        foreach (var item in sequence.Items) Write(item);
        json.WriteEndArray();
    }

    private void Element(DicomElement element)
    {
        if (element.Buffer is IBulkDataUriByteBuffer bulk)
        {
            json.WriteString("BulkDataURI", bulk.BulkDataUri);
            return;
        }
        if (element.Count == 0 && element.Buffer.Size == 0) return;
        switch (element.ValueRepresentation.Code)
        {
            case "OB" or "OD" or "OF" or "OL" or "OV" or "OW" or "UN":
                json.WriteBase64String("InlineBinary", element.Buffer.Data);
                return;
            case "PN": Values(element.Get<string[]>(), PersonName); return;
            case "DS" or "IS": Values(element.Get<string[]>(), NumberString); return;
            case "AT": Values(element.Get<DicomTag[]>(), t => json.WriteStringValue(t.ToString("J", null))); return;
            case "FL": Values(element.Get<float[]>(), v => Real(v, float.IsFinite(v), () => json.WriteNumberValue(v))); return;
            case "FD": Values(element.Get<double[]>(), v => Real(v, double.IsFinite(v), () => json.WriteNumberValue(v))); return;
            case "SS" or "US" or "SL": Values(element.Get<int[]>(), json.WriteNumberValue); return;
            case "UL": Values(element.Get<uint[]>(), json.WriteNumberValue); return;
            case "SV" when numbers != NumberSerializationMode.AsString: Values(element.Get<long[]>(), json.WriteNumberValue); return;
            case "UV" when numbers != NumberSerializationMode.AsString: Values(element.Get<ulong[]>(), json.WriteNumberValue); return;
            default: Values(element.Get<string[]>(), Text); return;
        }
    }

    private void Values<T>(T[] values, Action<T> write)
    {
        if (values.Length == 0) return;
        json.WriteStartArray("Value");
        foreach (var value in values) write(value);
        json.WriteEndArray();
    }

    private void Text(string value)
    {
        if (string.IsNullOrEmpty(value)) json.WriteNullValue();
        else json.WriteStringValue(value);
    }

    private void NumberString(string value)
    {
        var text = value.Trim();
        if (text.Length == 0) json.WriteNullValue();
        else if (numbers == NumberSerializationMode.AsString) json.WriteStringValue(text);
        else if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) json.WriteNumberValue(number);
        else if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var wide) && double.IsFinite(wide)) json.WriteNumberValue(wide);
        else if (numbers == NumberSerializationMode.PreferablyAsNumber) json.WriteStringValue(text);
        else throw new FormatException("A decimal or integer string holds no number");
    }

    // JSON has no such numbers; their names stand for them.
    private void Real(double value, bool isFinite, Action write)
    {
        if (isFinite) write();
        else json.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    }

    private void PersonName(string value)
    {
        if (string.IsNullOrEmpty(value))
        {
            json.WriteNullValue();
            return;
        }
        json.WriteStartObject();
        var groups = value.Split('=');
        for (var i = 0; i < Math.Min(groups.Length, 3); i++)
            if (groups[i].Length > 0) json.WriteString(NameGroups[i], groups[i]);
        json.WriteEndObject();
    }
}
