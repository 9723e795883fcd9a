namespace FellowOakDicom.StructuredReport;

/// <summary>A coded concept (PS3.3 section 8): an item of a code sequence.</summary>
public class DicomCodeItem : DicomDataset
{
    public DicomCodeItem(DicomDataset dataset) : base(dataset) { }

    /// <exception cref="DicomDataException">The sequence has no item.</exception>
    public DicomCodeItem(DicomSequence sequence)
        : base(sequence.Items.FirstOrDefault() ?? throw new DicomDataException("No code item found in sequence.")) { }

    public DicomCodeItem(string value, string scheme, string meaning, string version = null)
    {
        Add(DicomTag.CodeValue, value);
        Add(DicomTag.CodingSchemeDesignator, scheme);
        Add(DicomTag.CodeMeaning, meaning);
        if (version is not null) Add(DicomTag.CodingSchemeVersion, version);
    }

    public string Value => GetValueOrDefault(DicomTag.CodeValue, 0, string.Empty);
    public string Scheme => GetValueOrDefault(DicomTag.CodingSchemeDesignator, 0, string.Empty);
    public string Meaning => GetValueOrDefault(DicomTag.CodeMeaning, 0, string.Empty);
    public string Version => GetValueOrDefault(DicomTag.CodingSchemeVersion, 0, string.Empty);

    public static bool operator ==(DicomCodeItem a, DicomCodeItem b) => a is null ? b is null : a.Equals(b);
    public static bool operator !=(DicomCodeItem a, DicomCodeItem b) => !(a == b);

    public override bool Equals(object obj) =>
        obj is DicomCodeItem other && Value == other.Value && Scheme == other.Scheme && Version == other.Version;
    public override int GetHashCode() => HashCode.Combine(Value, Scheme, Version);
    public override string ToString() => $"({Value},{Scheme},\"{Meaning}\")";
}
