namespace FellowOakDicom;

/// <summary>The owner of a block of private elements (PS3.5 section 7.8.1).</summary>
public sealed class DicomPrivateCreator : IEquatable<DicomPrivateCreator>, IComparable<DicomPrivateCreator>, IComparable
{
    internal DicomPrivateCreator(string creator) => Creator = creator;

    public string Creator { get; }

    public int CompareTo(DicomPrivateCreator other) => string.CompareOrdinal(Creator, other?.Creator);
    public int CompareTo(object obj) => CompareTo(obj as DicomPrivateCreator);
    public bool Equals(DicomPrivateCreator other) => other is not null && Creator == other.Creator;
    public override bool Equals(object obj) => Equals(obj as DicomPrivateCreator);
    public override int GetHashCode() => Creator.GetHashCode();
    public override string ToString() => Creator;
}
