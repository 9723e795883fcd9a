using System.Text;
using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>Person name (PN): five components a group, up to three groups (PS3.5 section 6.2.1). The parts are those of the first group.</summary>
public sealed class DicomPersonName : DicomMultiStringElement
{
    public DicomPersonName(DicomTag tag, params string[] values) : base(tag, values) { }
    public DicomPersonName(DicomTag tag, Encoding[] encodings, IByteBuffer data) : base(tag, encodings, data) { }
    public DicomPersonName(DicomTag tag, string Last, string First, string Middle = null, string Prefix = null, string Suffix = null)
        : base(tag, string.Join('^', Last, First, Middle, Prefix, Suffix).TrimEnd('^')) { }

    public override DicomVR ValueRepresentation => DicomVR.PN;
    public string Last => Part(0);
    public string First => Part(1);
    public string Middle => Part(2);
    public string Prefix => Part(3);
    public string Suffix => Part(4);

    public static bool HaveSameContent(DicomPersonName nameA, DicomPersonName nameB) =>
        nameA is null || nameB is null ? nameA is null && nameB is null
        : Trimmed(nameA).SequenceEqual(Trimmed(nameB));

    private static IEnumerable<string> Trimmed(DicomPersonName name) => name.Values.Select(v => v.TrimEnd('^', ' '));

    private string Part(int index) =>
        Values.Length > 0 && Values[0].Split('=')[0].Split('^') is var parts && parts.Length > index ? parts[index] : string.Empty;
}
