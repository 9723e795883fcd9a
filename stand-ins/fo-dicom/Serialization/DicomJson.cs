using System.Text;
using System.Text.Json;

namespace FellowOakDicom.Serialization;

/// <summary>How the numbers of DS, IS, SV and UV are written.</summary>
public enum NumberSerializationMode
{
    /// <summary>As JSON numbers; a value that is none is an error.</summary>
    AsNumber,
    AsString,

    /// <summary>As numbers where they are numbers.</summary>
    PreferablyAsNumber,
}

/// <summary>The DICOM JSON model (PS3.18 Annex F).</summary>
public static class DicomJson
{
    // Three levels of JSON for each of the reader's levels of sequences.
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 3 * (IO.DatasetReader.DepthLimit + 2) };

    /// <param name="writeTagsAsKeywords">Keywords instead of the eight digits, which leaves the standard.</param>
    public static string ConvertDicomToJson(DicomDataset dataset, bool writeTagsAsKeywords = false, bool formatIndented = false, NumberSerializationMode numberSerializationMode = NumberSerializationMode.AsNumber) =>
        Write(formatIndented, json => new JsonDatasetWriter(json, writeTagsAsKeywords, numberSerializationMode).Write(dataset));

    /// <summary>An array of data sets.</summary>
    public static string ConvertDicomToJson(IEnumerable<DicomDataset> dataset, bool writeTagsAsKeywords = false, bool formatIndented = false) =>
        Write(formatIndented, json =>
        {
            json.WriteStartArray();
            foreach (var one in dataset) new JsonDatasetWriter(json, writeTagsAsKeywords, NumberSerializationMode.AsNumber).Write(one);
            json.WriteEndArray();
        });

    /// <exception cref="JsonException">No DICOM JSON object.</exception>
    public static DicomDataset ConvertJsonToDicom(string json, bool autoValidate = true)
    {
        using var document = JsonDocument.Parse(json, Deep);
        return new JsonDatasetReader(autoValidate).Read(document.RootElement);
    }

    /// <exception cref="JsonException">No array of DICOM JSON objects.</exception>
    public static DicomDataset[] ConvertJsonToDicomArray(string json)
    {
        using var document = JsonDocument.Parse(json, Deep);
        if (document.RootElement.ValueKind != JsonValueKind.Array) throw new JsonException("An array of DICOM JSON objects is expected");
        return [.. document.RootElement.EnumerateArray().Select(e => new JsonDatasetReader(true).Read(e))];
    }

    private static string Write(bool indented, Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = indented })) write(json);
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
