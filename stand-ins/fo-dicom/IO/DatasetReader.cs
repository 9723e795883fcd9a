using System.Text;
using FellowOakDicom.IO.Buffer;
using FellowOakDicom.IO.Reader;

namespace FellowOakDicom.IO;

/// <summary>How to read.</summary>
internal sealed record ReadSettings(Encoding Fallback, Func<ParseState, bool> Stop, FileReadOption Option, uint LargeSize)
{
    /// <summary>Values from this size on are left in the file or out, in bytes.</summary>
    internal const uint DefaultLargeSize = 64 * 1024;
}

/// <summary>
/// Reads the elements of a data set (PS3.5 section 7). Sequences may be nested <see cref="DepthLimit"/> deep, which spares the stack; there
/// may be <see cref="PartLimit"/> elements, items and fragments, which spares memory: eight bytes of a file become a hundred and more of it.
/// </summary>
internal sealed partial class DatasetReader(ByteSource source, ReadSettings settings)
{
    internal const int DepthLimit = 64, PartLimit = 1_000_000;
    private const uint Undefined = 0xffffffff, ItemTag = 0xfffee000, ItemEnd = 0xfffee00d, SequenceEnd = 0xfffee0dd;
    private DicomTag previous;
    private int parts;

    internal bool Stopped { get; private set; }

    /// <summary>Reads up to the position <paramref name="end"/>, or to the item's delimiter where that is -1; no further than <paramref name="onlyGroup"/> where one is given.</summary>
    internal void Read(DicomDataset dataset, bool isExplicit, long end, int depth, Encoding[] encodings, int onlyGroup = -1)
    {
        try
        {
            ReadItems(dataset, isExplicit, end, depth, encodings, onlyGroup);
        }
        finally
        {
            dataset.Settle();
        }
    }

    private void ReadItems(DicomDataset dataset, bool isExplicit, long end, int depth, Encoding[] encodings, int onlyGroup)
    {
        if (depth > DepthLimit) throw new DicomReaderException($"Sequences are nested more than {DepthLimit} deep at offset {source.Position}");
        Dictionary<uint, DicomPrivateCreator> creators = null;
        while (!Stopped && (end < 0 || source.Position < end))
        {
            if (source.AtEnd)
            {
                if (depth > 0 && end < 0) throw new DicomReaderException($"An item without an end at offset {source.Position}");
                return;
            }
            if (onlyGroup >= 0 && source.PeekUInt16() != onlyGroup) return;
            var tag = ReadTag();
            if (tag.Value == ItemEnd)
            {
                source.UInt32();
                if (end < 0) return;
                continue;
            }
            if (tag.Value == SequenceEnd)
            {
                source.UInt32();
                continue;
            }
            if (tag.IsPrivate && tag.Element > 0xff && creators is not null && creators.TryGetValue(((uint)tag.Group << 16) | (uint)(tag.Element >> 8), out var owner))
                tag.PrivateCreator = owner;
            if (settings.Stop?.Invoke(new ParseState { PreviousTag = previous, Tag = tag, SequenceDepth = depth }) == true)
            {
                Stopped = true;
                return;
            }
            CountPart();
            var (vr, length) = ReadHeader(tag, isExplicit);
            if (end >= 0 && length != Undefined && length > end - source.Position)
                throw new DicomReaderException($"{tag} at offset {source.Position} is longer than the item it is in");
            if (Item(tag, vr, length, isExplicit, depth, encodings) is { } item)
            {
                dataset.Append(item);
                if (tag.Value == 0x00080005) encodings = DicomDataset.EncodingsOf(item, encodings);
                if (tag.IsPrivateCreatorSlot && item is DicomElement creator and (DicomLongString or DicomUnknown))
                    (creators ??= [])[tag.Value] = DicomDictionary.Default.CreatorOf(Text(creator));
            }
            previous = tag;
        }
    }

    private void CountPart()
    {
        if (++parts > PartLimit) throw new DicomReaderException($"There are more than {PartLimit} elements, items and fragments");
    }

    private static string Text(DicomElement creator) => creator is DicomLongString text ? text.Get<string>()
        : Encoding.ASCII.GetString(creator.Buffer.Data).TrimEnd(' ', '\0');

    private DicomTag ReadTag()
    {
        var group = source.UInt16();
        return new DicomTag(group, source.UInt16());
    }

    private (DicomVR Vr, uint Length) ReadHeader(DicomTag tag, bool isExplicit)
    {
        if (!isExplicit) return (FromDictionary(tag), source.UInt32());
        var code = source.Peek(2);
        var vr = DicomVR.Find(code[0], code[1]);
        // Some writers fall back to implicit VR within an explicit data set: there the length stands where the VR should.
        if (vr is null && !(char.IsAsciiLetterUpper((char)code[0]) && char.IsAsciiLetterUpper((char)code[1])))
            return (FromDictionary(tag), source.UInt32());
        source.Take(2);
        if (vr is { Is16bitLength: true }) return (vr, source.UInt16());
        source.Take(2);
        // A VR that is not known yet has a 32-bit length (PS3.5 section 6.2, note).
        return (vr ?? DicomVR.UN, source.UInt32());
    }

    private static DicomVR FromDictionary(DicomTag tag)
    {
        var vrs = tag.DictionaryEntry.ValueRepresentations;
        return vrs.Length > 1 && Array.IndexOf(vrs, DicomVR.OW) >= 0 ? DicomVR.OW : vrs[0] == DicomVR.NONE ? DicomVR.UN : vrs[0];
    }

    private DicomItem Item(DicomTag tag, DicomVR vr, uint length, bool isExplicit, int depth, Encoding[] encodings)
    {
        if (vr == DicomVR.SQ || (length == Undefined && vr == DicomVR.UN && tag.Value != 0x7fe00010))
        {
            // UN of undefined length holds items in implicit VR little endian (PS3.5 section 6.2.2).
            var asUnknown = isExplicit && vr == DicomVR.UN;
            return Sequence(tag, length, isExplicit && !asUnknown, depth, encodings);
        }
        if (length == Undefined)
        {
            if (vr == DicomVR.OB || vr == DicomVR.OW || vr == DicomVR.UN) return Fragments(tag, vr);
            if (!isExplicit) return Sequence(tag, length, false, depth, encodings);
            throw new DicomReaderException($"{tag} of VR {vr} has an undefined length at offset {source.Position}");
        }
        return ItemFactory.FromBytes(tag, vr, Value(vr, length), encodings) is var element && Skipped(length) ? null : element;
    }

    private bool Skipped(uint length) => settings.Option == FileReadOption.SkipLargeTags && length >= settings.LargeSize;

    private IByteBuffer Value(DicomVR vr, uint length)
    {
        if (length == 0) return EmptyBuffer.Value;
        if (Skipped(length))
        {
            source.Skip(length);
            return EmptyBuffer.Value;
        }
        if (settings.Option == FileReadOption.ReadLargeOnDemand && length >= settings.LargeSize && source.CanDefer && !(source.BigEndian && vr.ByteSwap > 1))
            return source.Defer(length);
        var bytes = source.Bytes(length);
        if (source.BigEndian) Endian.SwapBytes(vr.ByteSwap, bytes);
        return new MemoryByteBuffer(bytes);
    }
}
