using FellowOakDicom.StructuredReport;

namespace FellowOakDicom;

// What the attributes hold.
public partial class DicomDataset
{
    /// <summary>The item, or null where it is absent or of another type.</summary>
    public T GetDicomItem<T>(DicomTag tag) where T : DicomItem => Find(tag) as T;

    /// <exception cref="DicomDataException">Absent, or no sequence.</exception>
    public DicomSequence GetSequence(DicomTag tag) => Existing(tag) as DicomSequence ?? throw new DicomDataException($"{tag} is no sequence");

    public bool TryGetSequence(DicomTag tag, out DicomSequence sequence) => (sequence = Find(tag) as DicomSequence) is not null;
    public bool TryGetNonEmptySequence(DicomTag tag, out DicomSequence sequence) => TryGetSequence(tag, out sequence) && sequence.Items.Count > 0;

    /// <summary>The code in the sequence's one item (PS3.3 section 8).</summary>
    public DicomCodeItem GetCodeItem(DicomTag tag) => new(GetSequence(tag));

    /// <exception cref="DicomDataException">Absent.</exception>
    public int GetValueCount(DicomTag tag) => Element(tag).Count;

    /// <exception cref="DicomDataException">Absent, or no such value.</exception>
    public T GetValue<T>(DicomTag tag, int index)
    {
        if (typeof(T).IsArray) throw new DicomDataException("T can't be an Array type. Use GetValues instead");
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var element = Element(tag);
        return index < element.Count ? element.Get<T>(index)
            : throw new DicomDataException($"{tag} has {element.Count} values, but index {index} was asked for");
    }

    public bool TryGetValue<T>(DicomTag tag, int index, out T elementValue) =>
        Try(() => GetValue<T>(tag, index), Find(tag) is DicomElement e && index >= 0 && index < e.Count && !typeof(T).IsArray, out elementValue);

    public T GetValueOrDefault<T>(DicomTag tag, int index, T defaultValue) => TryGetValue<T>(tag, index, out var value) ? value : defaultValue;

    /// <exception cref="DicomDataException">Absent.</exception>
    public T[] GetValues<T>(DicomTag tag) => Element(tag) is var element && element.Count == 0 ? [] : element.Get<T[]>();

    public bool TryGetValues<T>(DicomTag tag, out T[] values) => Try(() => GetValues<T>(tag), Find(tag) is DicomElement, out values);

    /// <exception cref="DicomDataException">Absent, or not exactly one value.</exception>
    public T GetSingleValue<T>(DicomTag tag)
    {
        if (typeof(T).IsArray) throw new DicomDataException("T can't be an Array type. Use GetValues instead");
        var element = Element(tag);
        return element.Count == 1 ? element.Get<T>(0)
            : throw new DicomDataException($"{tag} must contain a single value, but contains {element.Count}");
    }

    public bool TryGetSingleValue<T>(DicomTag tag, out T value) =>
        Try(() => GetSingleValue<T>(tag), Find(tag) is DicomElement { Count: 1 } && !typeof(T).IsArray, out value);

    public T GetSingleValueOrDefault<T>(DicomTag tag, T defaultValue) => TryGetSingleValue<T>(tag, out var value) ? value : defaultValue;

    /// <summary>All values in one text, with backslashes between them.</summary>
    /// <exception cref="DicomDataException">Absent, or no element.</exception>
    public string GetString(DicomTag tag)
    {
        var element = Element(tag);
        return element is DicomStringElement || element.Count == 1 ? element.Get<string>()
            : element.Count == 0 ? string.Empty : string.Join('\\', element.Get<string[]>());
    }

    public bool TryGetString(DicomTag tag, out string stringValue) => Try(() => GetString(tag), Find(tag) is DicomElement, out stringValue);

    private DicomItem Existing(DicomTag tag) => Find(tag) ?? throw new DicomDataException($"Tag: {tag} not found in dataset");

    private DicomElement Element(DicomTag tag) =>
        Existing(tag) as DicomElement ?? throw new DicomDataException($"{tag} is no element with values");

    private static bool Try<T>(Func<T> read, bool possible, out T value)
    {
        value = default;
        if (!possible) return false;
        try
        {
            value = read();
            return true;
        }
        catch (Exception e) when (e is DicomDataException or InvalidCastException or FormatException or OverflowException)
        {
            return false;
        }
    }
}
