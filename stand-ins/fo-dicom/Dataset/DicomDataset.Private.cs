namespace FellowOakDicom;

// Blocks of private elements (PS3.5 section 7.8.1).
public partial class DicomDataset
{
    /// <summary>The tag with the block that this data set gives to its creator; reserves one where there is none.</summary>
    public DicomTag GetPrivateTag(DicomTag tag) => PrivateTag(tag, create: true);

    private DicomTag PrivateTag(DicomTag tag, bool create)
    {
        // An element above 00FF already lies in a block.
        if (!tag.IsPrivate || tag.PrivateCreator is null || tag.IsGroupLength || tag.Element >= 0xff) return tag;
        for (ushort block = 0x10; block <= 0xff; block++)
        {
            var slot = Search(new DicomTag(tag.Group, block));
            if (slot < 0 && !create) continue;
            if (slot < 0) Put(new DicomLongString(new DicomTag(tag.Group, block), tag.PrivateCreator.Creator), update: false);
            else if ((items[slot] as DicomElement)?.Get<string>().TrimEnd() != tag.PrivateCreator.Creator) continue;
            return new DicomTag(tag.Group, (ushort)((block << 8) | (tag.Element & 0xff)), tag.PrivateCreator);
        }
        return create ? throw new DicomDataException($"No free private block in group {tag.Group:x4}") : null;
    }
}
