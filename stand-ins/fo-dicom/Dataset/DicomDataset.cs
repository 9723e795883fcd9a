using System.Collections;
using System.Text;

namespace FellowOakDicom;

/// <summary>Attributes in ascending order of their tags (PS3.5 section 7).</summary>
public partial class DicomDataset : IEnumerable<DicomItem>
{
    private readonly List<DicomItem> items = [];
    private DicomTransferSyntax syntax;
    private bool disordered;

    public DicomDataset() : this(DicomTransferSyntax.ExplicitVRLittleEndian) { }
    public DicomDataset(DicomTransferSyntax internalTransferSyntax) => syntax = internalTransferSyntax;
    public DicomDataset(params DicomItem[] items) : this((IEnumerable<DicomItem>)items) { }

    /// <summary>Copies sequences, shares elements.</summary>
    public DicomDataset(IEnumerable<DicomItem> items) : this()
    {
        if (items is DicomDataset source) (AutoValidate, syntax) = (false, source.syntax);
        foreach (var item in items.Where(i => i is not null)) Put(Copied(item), update: true);
        if (items is DicomDataset original) AutoValidate = original.AutoValidate;
    }

    /// <summary>How the pixel data in here are encoded.</summary>
    public DicomTransferSyntax InternalTransferSyntax
    {
        get => syntax;
        internal set
        {
            syntax = value;
            foreach (var item in items.OfType<DicomSequence>().SelectMany(s => s.Items)) item.InternalTransferSyntax = value;
        }
    }

    /// <summary>Whether values are checked when they are added (PS3.5 section 6.2).</summary>
    public bool AutoValidate { get; set; } = true;

    public IEnumerator<DicomItem> GetEnumerator() => items.GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Contains(DicomTag tag) => Find(tag) is not null;

    /// <exception cref="DicomDataException">An attribute of the tag is there already.</exception>
    public DicomDataset Add(DicomItem item) => item is null ? this : Put(item, update: false);
    public DicomDataset Add(params DicomItem[] items) => Add((IEnumerable<DicomItem>)items);

    public DicomDataset Add(IEnumerable<DicomItem> items)
    {
        foreach (var item in items ?? []) Add(item);
        return this;
    }

    /// <summary>The VR comes from the dictionary.</summary>
    public DicomDataset Add<T>(DicomTag tag, params T[] values) => Put(Made(null, tag, values), update: false);
    public DicomDataset Add<T>(DicomVR vr, DicomTag tag, params T[] values) => Put(Made(vr, tag, values), update: false);

    public DicomDataset AddOrUpdate(DicomItem item) => item is null ? this : Put(item, update: true);
    public DicomDataset AddOrUpdate(params DicomItem[] items) => AddOrUpdate((IEnumerable<DicomItem>)items);

    public DicomDataset AddOrUpdate(IEnumerable<DicomItem> items)
    {
        foreach (var item in items ?? []) AddOrUpdate(item);
        return this;
    }

    public DicomDataset AddOrUpdate<T>(DicomTag tag, params T[] values) => Put(Made(null, tag, values), update: true);
    public DicomDataset AddOrUpdate<T>(DicomVR vr, DicomTag tag, params T[] values) => Put(Made(vr, tag, values), update: true);

    public DicomDataset Remove(params DicomTag[] tags)
    {
        foreach (var tag in tags)
            if (IndexOf(tag) is >= 0 and var index) items.RemoveAt(index);
        return this;
    }

    public DicomDataset Remove(Func<DicomItem, bool> selector)
    {
        items.RemoveAll(i => selector(i));
        return this;
    }

    public DicomDataset Clear()
    {
        items.Clear();
        return this;
    }

    public DicomDataset CopyTo(DicomDataset destination) => destination is null ? this : Return(() => destination.AddOrUpdate(this.ToArray()));

    public DicomDataset CopyTo(DicomDataset destination, params DicomTag[] tags) =>
        destination is null ? this : Return(() => destination.AddOrUpdate(tags.Select(Find).Where(i => i is not null).ToArray()));

    public DicomDataset CopyTo(DicomDataset destination, DicomMaskedTag mask) =>
        destination is null ? this : Return(() => destination.AddOrUpdate(items.Where(i => mask.IsMatch(i.Tag)).ToArray()));

    /// <exception cref="DicomValidationException">A value is not allowed in its VR.</exception>
    public void Validate()
    {
        foreach (var item in items) item.Validate();
    }

    public override string ToString() => $"DICOM Dataset [{items.Count} items]";

    /// <summary>The character sets of Specific Character Set (0008,0005), or those of the data set around this one.</summary>
    internal Encoding[] Encodings(Encoding[] inherited) => EncodingsOf(Find(DicomTag.SpecificCharacterSet), inherited);

    private const uint LongestCharacterSet = 1024; // bytes; there are some dozens of terms of 16 characters

    internal static Encoding[] EncodingsOf(DicomItem item, Encoding[] inherited) =>
        item is DicomCodeString { Length: <= LongestCharacterSet, Count: > 0 } charsets ? DicomEncoding.GetEncodings(charsets.Get<string[]>()) : inherited;

    // Texts added since are written in the data set's character sets.
    internal void SetTargetEncodings(Encoding[] inherited)
    {
        var encodings = Encodings(inherited);
        foreach (var item in items)
        {
            if (item is DicomStringElement { ValueRepresentation.IsStringEncoded: true } text) text.TargetEncodings = encodings;
            if (item is DicomSequence sequence)
                foreach (var inner in sequence.Items) inner.SetTargetEncodings(encodings);
        }
    }

    // For the reader: items as they come; Settle then brings them in order, the last one of a tag winning.
    internal void Append(DicomItem item)
    {
        disordered |= items.Count > 0 && items[^1].Tag.CompareTo(item.Tag) >= 0;
        items.Add(item);
    }

    // One sort at the end, because inserting one by one would take hours for a hostile file.
    internal void Settle()
    {
        if (!disordered) return;
        var ordered = items.OrderBy(i => i.Tag).ToList();
        items.Clear();
        for (var i = 0; i < ordered.Count; i++)
            if (i + 1 == ordered.Count || ordered[i].Tag != ordered[i + 1].Tag) items.Add(ordered[i]);
        disordered = false;
    }

    private DicomDataset Return(Action action)
    {
        action();
        return this;
    }

    private static DicomItem Copied(DicomItem item) => item is DicomSequence sequence
        ? new DicomSequence(sequence.Tag, [.. sequence.Items.Where(i => i is not null).Select(i => new DicomDataset(i))]) : item;

    private static DicomItem Made<T>(DicomVR vr, DicomTag tag, T[] values)
    {
        if (vr is null)
        {
            var entry = tag.DictionaryEntry;
            if (ReferenceEquals(entry, DicomDictionary.UnknownTag))
                throw new DicomDataException($"Tag {tag} not found in DICOM dictionary. Only dictionary tags may be added implicitly to the dataset.");
            vr = Array.Find(entry.ValueRepresentations, v => v.ValueType == typeof(T)) ?? entry.ValueRepresentations[0];
        }
        return ItemFactory.FromValues(tag, vr, values)
            ?? throw new InvalidOperationException($"Unable to create DICOM element of type {vr.Code} with values of type {typeof(T)}");
    }

    private DicomDataset Put(DicomItem item, bool update)
    {
        if (AutoValidate) item.Validate();
        var tag = item.Tag;
        if (tag.IsPrivate && tag.PrivateCreator is not null) item.Tag = tag = PrivateTag(tag, create: true);
        if (item is DicomSequence sequence)
            foreach (var inner in sequence.Items) inner.InternalTransferSyntax = syntax;
        var index = Search(tag);
        if (index < 0) items.Insert(~index, item);
        else if (update) items[index] = item;
        else throw new DicomDataException($"The item with tag {tag} already exists in the dataset");
        return this;
    }

    private DicomItem Find(DicomTag tag) => IndexOf(tag) is >= 0 and var index ? items[index] : null;

    private int IndexOf(DicomTag tag)
    {
        var resolved = tag.IsPrivate && tag.PrivateCreator is not null ? PrivateTag(tag, create: false) : tag;
        return resolved is null ? -1 : Search(resolved);
    }

    private int Search(DicomTag tag)
    {
        int low = 0, high = items.Count - 1;
        if (high >= 0 && items[high].Tag.CompareTo(tag) < 0) return ~items.Count;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = items[middle].Tag.CompareTo(tag);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return ~low;
    }
}
