using System.IO.Compression;
using System.Text;

namespace MedGan.Jobs.Publish;

/// <summary>
/// The one file that a researcher downloads of a set. Entries are sorted and carry the set's own time, so the same set gives
/// the same bytes, however often it is published.
/// </summary>
internal sealed class SetArchive(DateTimeOffset time)
{
    private readonly SortedDictionary<string, Func<Stream>> entries = new(StringComparer.Ordinal);

    /// <summary>Adds a file whose content is opened when the archive is written.</summary>
    public void Add(string name, Func<Stream> open) => entries.Add(name, open);

    /// <summary>Adds a text file.</summary>
    public void Add(string name, string text) => Add(name, Encoding.UTF8.GetBytes(text));

    /// <summary>Adds a file.</summary>
    public void Add(string name, byte[] content) => Add(name, () => new MemoryStream(content, writable: false));

    /// <summary>Writes the zip.</summary>
    public void WriteTo(Stream stream)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, open) in entries)
        {
            var entry = zip.CreateEntry(name, CompressionLevel.Fastest);
            entry.LastWriteTime = time.ToUniversalTime();
            using var content = open();
            using var target = entry.Open();
            content.CopyTo(target);
        }
    }
}
