namespace FellowOakDicom;

/// <summary>One attribute of a data set: an element, a sequence or a fragment sequence.</summary>
public abstract class DicomItem : IComparable<DicomItem>, IComparable
{
    protected DicomItem(DicomTag tag) => Tag = tag ?? throw new ArgumentNullException(nameof(tag));

    public DicomTag Tag { get; internal set; }
    public abstract DicomVR ValueRepresentation { get; }

    public int CompareTo(DicomItem other) => Tag.CompareTo(other.Tag);
    public int CompareTo(object obj) => CompareTo(obj as DicomItem ?? throw new ArgumentException("A DicomItem is expected", nameof(obj)));

    /// <exception cref="DicomValidationException">A value is not allowed here.</exception>
    public virtual void Validate() { }

    public override string ToString() => $"{Tag} {ValueRepresentation} {Tag.DictionaryEntry.Name}";
}
