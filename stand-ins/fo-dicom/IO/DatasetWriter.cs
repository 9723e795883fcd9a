using System.Buffers.Binary;
using FellowOakDicom.IO.Buffer;
using FellowOakDicom.IO.Writer;

namespace FellowOakDicom.IO;

/// <summary>Writes the elements of a data set (PS3.5 section 7).</summary>
internal sealed class DatasetWriter(DicomTransferSyntax syntax, DicomWriteOptions options)
{
    private const uint Undefined = 0xffffffff, Item = 0xfffee000, ItemEnd = 0xfffee00d, SequenceEnd = 0xfffee0dd;
    private readonly bool big = syntax.Endian == Endian.Big;

    internal void Write(IEnumerable<DicomItem> items, Stream stream)
    {
        foreach (var item in items)
        {
            if (item.Tag.IsGroupLength && item.Tag.Group > 2 && !options.KeepGroupLengths) continue;
            switch (item)
            {
                case DicomElement element: Element(element, stream); break;
                case DicomSequence sequence: Sequence(sequence, stream); break;
                case DicomFragmentSequence fragments: Fragments(fragments, stream); break;
            }
        }
    }

    private void Element(DicomElement element, Stream stream)
    {
        var buffer = element.Buffer;
        var odd = (buffer.Size & 1) != 0;
        var length = buffer.Size + (odd ? 1 : 0);
        if (length >= Undefined) throw new DicomDataException($"{element.Tag} is too long to be written");
        var vr = element.ValueRepresentation;
        // What no 16-bit length can tell is written as UN (PS3.5 section 6.2.2, note).
        if (syntax.IsExplicitVR && vr.Is16bitLength && length > 0xfffe) vr = DicomVR.UN;
        Header(element.Tag, vr, (uint)length, stream);
        if (big && element.ValueRepresentation.ByteSwap > 1)
        {
            var swapped = (byte[])buffer.Data.Clone();
            Endian.SwapBytes(element.ValueRepresentation.ByteSwap, swapped);
            stream.Write(swapped);
        }
        else buffer.CopyToStream(stream);
        if (odd) stream.WriteByte(element.ValueRepresentation.PaddingValue);
    }

    private void Sequence(DicomSequence sequence, Stream stream)
    {
        if (!options.ExplicitLengthSequences)
        {
            Header(sequence.Tag, DicomVR.SQ, Undefined, stream);
            Items(sequence, stream);
            Delimiter(SequenceEnd, 0, stream);
            return;
        }
        using var content = new MemoryStream();
        Items(sequence, content);
        Header(sequence.Tag, DicomVR.SQ, (uint)content.Length, stream);
        content.WriteTo(stream);
    }

    private void Items(DicomSequence sequence, Stream stream)
    {
        foreach (var item in sequence.Items)
        {
            if (!options.ExplicitLengthSequenceItems)
            {
                Delimiter(Item, Undefined, stream);
                Write(item, stream);
                Delimiter(ItemEnd, 0, stream);
                continue;
            }
            using var content = new MemoryStream();
            Write(item, content);
            Delimiter(Item, (uint)content.Length, stream);
            content.WriteTo(stream);
        }
    }

    private void Fragments(DicomFragmentSequence fragments, Stream stream)
    {
        Header(fragments.Tag, fragments.ValueRepresentation, Undefined, stream);
        Delimiter(Item, (uint)fragments.OffsetTable.Count * 4, stream);
        foreach (var offset in fragments.OffsetTable) UInt32(offset, stream);
        foreach (var fragment in fragments.Fragments)
        {
            var odd = (fragment.Size & 1) != 0;
            Delimiter(Item, (uint)(fragment.Size + (odd ? 1 : 0)), stream);
            fragment.CopyToStream(stream);
            if (odd) stream.WriteByte(0);
        }
        Delimiter(SequenceEnd, 0, stream);
    }

    private void Header(DicomTag tag, DicomVR vr, uint length, Stream stream)
    {
        Tag(tag.Value, stream);
        if (syntax.IsExplicitVR)
        {
            stream.WriteByte((byte)vr.Code[0]);
            stream.WriteByte((byte)vr.Code[1]);
            UInt16(vr.Is16bitLength ? (ushort)length : (ushort)0, stream);
            if (vr.Is16bitLength) return;
        }
        UInt32(length, stream);
    }

    private void Delimiter(uint tag, uint length, Stream stream)
    {
        Tag(tag, stream);
        UInt32(length, stream);
    }

    private void Tag(uint tag, Stream stream)
    {
        UInt16((ushort)(tag >> 16), stream);
        UInt16((ushort)tag, stream);
    }

    private void UInt16(ushort value, Stream stream)
    {
        Span<byte> bytes = stackalloc byte[2];
        if (big) BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        else BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        stream.Write(bytes);
    }

    private void UInt32(uint value, Stream stream)
    {
        Span<byte> bytes = stackalloc byte[4];
        if (big) BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        else BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        stream.Write(bytes);
    }
}
