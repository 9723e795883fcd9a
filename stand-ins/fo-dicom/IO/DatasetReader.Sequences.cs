using System.Text;
using FellowOakDicom.IO.Buffer;
using FellowOakDicom.IO.Reader;

namespace FellowOakDicom.IO;

// Sequences of items and of fragments (PS3.5 sections 7.5 and A.4).
internal sealed partial class DatasetReader
{
    private DicomSequence Sequence(DicomTag tag, uint length, bool isExplicit, int depth, Encoding[] encodings)
    {
        var sequence = new DicomSequence(tag);
        var end = length == Undefined ? -1 : source.Position + length;
        while (!Stopped && (end < 0 || source.Position < end))
        {
            var item = ReadTag();
            var itemLength = source.UInt32();
            if (item.Value == SequenceEnd) return sequence;
            if (item.Value == ItemEnd) continue;
            if (item.Value != ItemTag) throw new DicomReaderException($"An item was expected in {tag} at offset {source.Position - 8}, but {item} is there");
            CountPart();
            // An item may end behind its sequence: directories in the field do.
            var dataset = new DicomDataset();
            sequence.Items.Add(dataset);
            Read(dataset, isExplicit, itemLength == Undefined ? -1 : source.Position + itemLength, depth + 1, encodings);
        }
        return sequence;
    }

    private DicomFragmentSequence Fragments(DicomTag tag, DicomVR vr)
    {
        DicomFragmentSequence fragments = vr == DicomVR.OW ? new DicomOtherWordFragment(tag) : new DicomOtherByteFragment(tag);
        for (var first = true; ; first = false)
        {
            var item = ReadTag();
            var length = source.UInt32();
            if (item.Value == SequenceEnd) return fragments;
            if (item.Value != ItemTag || length == Undefined) throw new DicomReaderException($"A fragment was expected in {tag} at offset {source.Position - 8}");
            CountPart();
            var data = Value(DicomVR.OB, length);
            if (!first) fragments.Fragments.Add(data);
            else fragments.OffsetTable = [.. ByteConverter.ToArray<uint>(data)];
        }
    }
}
