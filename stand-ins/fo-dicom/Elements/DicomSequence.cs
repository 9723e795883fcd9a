using System.Collections;

namespace FellowOakDicom;

/// <summary>Sequence of items (SQ).</summary>
public class DicomSequence : DicomItem, IEnumerable<DicomDataset>
{
    public DicomSequence(DicomTag tag, params DicomDataset[] items) : base(tag) => Items = [.. items ?? []];

    public override DicomVR ValueRepresentation => DicomVR.SQ;
    public IList<DicomDataset> Items { get; }

    public IEnumerator<DicomDataset> GetEnumerator() => Items.GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override void Validate()
    {
        foreach (var item in Items) item.Validate();
    }
}
