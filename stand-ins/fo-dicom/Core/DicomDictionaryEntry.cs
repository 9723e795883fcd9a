namespace FellowOakDicom;

/// <summary>What PS3.6 says about an attribute.</summary>
public sealed class DicomDictionaryEntry
{
    private DicomTag tag;

    public DicomDictionaryEntry(DicomTag tag, string name, string keyword, DicomVM vm, bool retired, params DicomVR[] vrs)
    {
        this.tag = tag;
        (Name, Keyword, ValueMultiplicity, IsRetired, ValueRepresentations) = (name, keyword, vm, retired, vrs);
    }

    public DicomDictionaryEntry(DicomMaskedTag tag, string name, string keyword, DicomVM vm, bool retired, params DicomVR[] vrs)
        : this(tag.Tag, name, keyword, vm, retired, vrs) => MaskTag = tag;

    public DicomTag Tag { get => tag; set => tag = value; }

    /// <summary>Null unless the entry stands for a family of tags.</summary>
    public DicomMaskedTag MaskTag { get; }
    public string Name { get; }
    public string Keyword { get; }

    /// <summary>The usual VR first.</summary>
    public DicomVR[] ValueRepresentations { get; }
    public DicomVM ValueMultiplicity { get; }
    public bool IsRetired { get; }

    public override string ToString() =>
        $"{(MaskTag is null ? Tag : MaskTag)} {string.Join("/", ValueRepresentations.Select(v => v.Code))} {ValueMultiplicity} {Name}";
}
