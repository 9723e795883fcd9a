using System.Collections;
using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>Encapsulated pixel data (PS3.5 section A.4): an offset table and fragments.</summary>
public abstract class DicomFragmentSequence : DicomItem, IEnumerable<IByteBuffer>
{
    protected DicomFragmentSequence(DicomTag tag) : base(tag) { }

    /// <summary>Byte offsets of the frames' first fragments, from the end of the table; may be empty.</summary>
    public IList<uint> OffsetTable { get; internal set; } = [];
    public IList<IByteBuffer> Fragments { get; } = [];

    public IEnumerator<IByteBuffer> GetEnumerator() => Fragments.GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal DicomFragmentSequence Copy()
    {
        DicomFragmentSequence copy = this is DicomOtherWordFragment ? new DicomOtherWordFragment(Tag) : new DicomOtherByteFragment(Tag);
        copy.OffsetTable = [.. OffsetTable];
        foreach (var fragment in Fragments) copy.Fragments.Add(fragment);
        return copy;
    }
}

/// <summary>Fragments under the VR OB.</summary>
public class DicomOtherByteFragment : DicomFragmentSequence
{
    public DicomOtherByteFragment(DicomTag tag) : base(tag) { }
    public override DicomVR ValueRepresentation => DicomVR.OB;
}

/// <summary>Fragments under the VR OW.</summary>
public class DicomOtherWordFragment : DicomFragmentSequence
{
    public DicomOtherWordFragment(DicomTag tag) : base(tag) { }
    public override DicomVR ValueRepresentation => DicomVR.OW;
}
