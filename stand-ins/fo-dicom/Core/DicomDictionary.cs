using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace FellowOakDicom;

/// <summary>The data dictionary (PS3.6), loaded once from Tables/tags.tsv; <see cref="Add"/> extends it.</summary>
public sealed class DicomDictionary : IEnumerable<DicomDictionaryEntry>
{
    public static readonly DicomDictionaryEntry UnknownTag =
        new(DicomMaskedTag.Parse("xxxx", "xxxx"), "Unknown", "Unknown", DicomVM.VM_1_n, false, DicomVR.UN);
    public static readonly DicomDictionaryEntry PrivateCreatorTag =
        new(DicomMaskedTag.Parse("xxxx", "00xx"), "Private Creator", "PrivateCreator", DicomVM.VM_1, false, DicomVR.LO);
    private static readonly DicomDictionaryEntry GroupLength =
        new(DicomMaskedTag.Parse("xxxx", "0000"), "Group Length", "GroupLength", DicomVM.VM_1, false, DicomVR.UL);
    private static readonly Lazy<DicomDictionary> Standard = new(LoadStandard);
    private static DicomDictionary chosen;

    private readonly ConcurrentDictionary<uint, DicomDictionaryEntry> entries = new();
    private readonly ConcurrentDictionary<string, DicomTag> keywords = new();
    private readonly ConcurrentDictionary<string, DicomPrivateCreator> creators = new();
    private readonly ConcurrentDictionary<DicomPrivateCreator, DicomDictionary> byCreator = new();
    // Families of tags, by the high byte of their group, so that few are tried for a tag.
    private readonly DicomDictionaryEntry[][] masked = [.. Enumerable.Repeat(Array.Empty<DicomDictionaryEntry>(), 256)];

    public DicomDictionary() { }

    private DicomDictionary(DicomPrivateCreator creator) => PrivateCreator = creator;

    public static DicomDictionary Default { get => chosen ?? Standard.Value; set => chosen = value; }

    /// <summary>Null for the public dictionary.</summary>
    public DicomPrivateCreator PrivateCreator { get; }

    /// <summary>The entry of a tag; never null.</summary>
    public DicomDictionaryEntry this[DicomTag tag]
    {
        get
        {
            if (tag.PrivateCreator is { } creator && byCreator.TryGetValue(creator, out var privateDictionary))
                return privateDictionary.Find(tag.IsPrivateCreatorSlot ? tag.Value : tag.Value & 0xffff00ff, tag) ?? UnknownTag;
            if (Find(tag.Value, tag) is { } entry) return entry;
            if (tag.IsGroupLength) return GroupLength;
            return tag.IsPrivateCreatorSlot ? PrivateCreatorTag : UnknownTag;
        }
    }

    /// <summary>The tag of a keyword.</summary>
    public DicomTag this[string keyword] => FindKeyword(keyword);

    /// <summary>The private dictionary of a creator, made when it is first asked for.</summary>
    public DicomDictionary this[DicomPrivateCreator creator] => byCreator.GetOrAdd(creator, c => new DicomDictionary(c));

    public DicomPrivateCreator GetPrivateCreator(string creator) => creators.GetOrAdd(creator, c => new DicomPrivateCreator(c));

    // For what is read: creators in files are not kept.
    internal DicomPrivateCreator CreatorOf(string creator) => creators.TryGetValue(creator, out var known) ? known : new DicomPrivateCreator(creator);

    public void Add(DicomDictionaryEntry entry)
    {
        if (PrivateCreator is not null)
            entry.Tag = new DicomTag(entry.Tag.Group, entry.Tag.Element, PrivateCreator);
        if (entry.MaskTag is null) entries[PrivateCreator is null ? entry.Tag.Value : entry.Tag.Value & 0xffff00ff] = entry;
        else AddFamily(entry);
        if (!string.IsNullOrEmpty(entry.Keyword)) keywords[entry.Keyword] = entry.Tag;
    }

    public IEnumerator<DicomDictionaryEntry> GetEnumerator() => entries.Values.Concat(masked.SelectMany(m => m).Distinct()).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal DicomTag FindKeyword(string keyword) => keywords.TryGetValue(keyword, out var tag) ? tag : null;

    private DicomDictionaryEntry Find(uint key, DicomTag tag) =>
        entries.TryGetValue(key, out var entry) ? entry : Array.Find(masked[tag.Group >> 8], m => m.MaskTag.IsMatch(tag));

    private void AddFamily(DicomDictionaryEntry entry)
    {
        lock (masked)
            for (var high = 0; high < masked.Length; high++)
                if (((uint)high & (entry.MaskTag.Mask >> 24)) == ((uint)entry.Tag.Group >> 8 & (entry.MaskTag.Mask >> 24)))
                    masked[high] = [.. masked[high], entry];
    }

    private static DicomDictionary LoadStandard()
    {
        var dictionary = new DicomDictionary();
        foreach (var row in TableRows.Read("tags.tsv"))
        {
            var tag = DicomTag.FromValue(uint.Parse(row[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            var vrs = Array.ConvertAll(row[1].Split('/'), DicomVR.Parse);
            var retired = row[3].EndsWith("RETIRED", StringComparison.Ordinal);
            var name = row.Length > 5 ? row[5] : Spaced(retired ? row[3][..^7] : row[3]);
            var vm = DicomVM.Parse(row[2]);
            var entry = row.Length > 4 && row[4].Length > 0
                ? new DicomDictionaryEntry(new DicomMaskedTag(tag, uint.Parse(row[4], NumberStyles.HexNumber, CultureInfo.InvariantCulture)), name, row[3], vm, retired, vrs)
                : new DicomDictionaryEntry(tag, name, row[3], vm, retired, vrs);
            if (entry.MaskTag is null) dictionary.entries[tag.Value] = entry;
            else dictionary.AddFamily(entry);
            dictionary.keywords[row[3]] = tag;
        }
        return dictionary;
    }

    // Most names are their keyword with spaces; the table spells out the others.
    private static string Spaced(string keyword) =>
        Regex.Replace(Regex.Replace(keyword, "([a-z0-9])([A-Z])", "$1 $2"), "([A-Z]+)([A-Z][a-z])", "$1 $2");
}
