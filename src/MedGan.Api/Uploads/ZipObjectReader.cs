using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.Zip;
using MedGan.Dicom.Web;

namespace MedGan.Api.Uploads;

/// <summary>
/// Reads the files of a zip archive from front to back as it arrives. Nothing is spooled: what it holds is not de-identified yet.
/// Reads are synchronous, since the inflater is.
/// </summary>
public static class ZipObjectReader
{
    private const uint EndOfCentralDirectory = 0x06054b50;

    /// <summary>The file entries in their order; directories are passed over. An archive that is not sound to its end is refused.</summary>
    public static IEnumerable<DicomPart> Read(Stream body, UploadLimits limits)
    {
        var bounded = new BoundedBody(body, limits.TotalBytes);
        using var zip = new ZipInputStream(bounded) { IsStreamOwner = false };
        int entries = 0, files = 0;
        var unpacked = 0L;
        while (Guarded(zip.GetNextEntry) is { } entry)
        {
            Check(entry, entries);
            if (++entries > 2L * limits.Parts)
            {
                throw Refusals.TooManyParts(limits.Parts); // folders cost time too
            }
            if (entry.IsDirectory)
            {
                continue;
            }
            if (files == limits.Parts)
            {
                throw Refusals.TooManyParts(limits.Parts);
            }
            var content = Unpack(zip, bounded, files, limits, ref unpacked);
            if (IsZip(content))
            {
                throw Refusals.BadZip($"Entry {files} is itself an archive; send the files in it.");
            }
            yield return new DicomPart(files++, content);
        }
        CheckEnd(bounded, entries);
        if (files == 0)
        {
            throw Refusals.BadZip("The archive holds no file.");
        }
    }

    private static void Check(ZipEntry entry, int position)
    {
        if (ZipEntryName.WhyRefused(entry.Name) is { } reason)
        {
            throw Refusals.BadZip($"The name of entry {position} {reason}.");
        }
        if (entry.IsCrypted)
        {
            throw Refusals.BadZip($"Entry {position} is encrypted; send an archive without a password.");
        }
        if (entry.CompressionMethod is not (CompressionMethod.Stored or CompressionMethod.Deflated))
        {
            throw Refusals.BadZip($"Entry {position} is packed by a method other than store and deflate.");
        }
    }

    private static MemoryStream Unpack(ZipInputStream zip, BoundedBody packed, int index, UploadLimits limits, ref long unpacked)
    {
        var before = packed.BytesRead;
        var content = new MemoryStream();
        var buffer = new byte[65_536];
        while (true)
        {
            var read = Guarded(() => zip.Read(buffer, 0, buffer.Length));
            if (read <= 0)
            {
                content.Position = 0;
                return content;
            }
            content.Write(buffer, 0, read);
            unpacked += read;
            if (content.Length > limits.PartBytes)
            {
                throw Refusals.PartTooLarge(index, limits.PartBytes);
            }
            if (unpacked > limits.TotalBytes)
            {
                throw Refusals.TooManyBytes(limits.TotalBytes);
            }
            // The inflater reads up to 4 KiB ahead, so as many bytes may belong to this entry without being counted since its start.
            if (content.Length > limits.ZipRatioFromBytes && content.Length > limits.ZipRatio * (packed.BytesRead - before + 4096))
            {
                throw Refusals.BadZip($"Entry {index} grows more than {limits.ZipRatio}-fold when it is unpacked.");
            }
        }
    }

    private static bool IsZip(MemoryStream content) =>
        content.Length >= 4 && content.GetBuffer().AsSpan(0, 4) is [(byte)'P', (byte)'K', 3 or 5, 4 or 6];

    /// <summary>Reads what follows the entries, and compares the archive's own count of them with what came.</summary>
    private static void CheckEnd(BoundedBody body, int entries)
    {
        var rest = new byte[65_536];
        while (body.Read(rest) > 0)
        {
        }
        var tail = body.Tail();
        for (var at = tail.Length - 22; at >= 0; at--)
        {
            if (BitConverter.ToUInt32(tail, at) == EndOfCentralDirectory)
            {
                var count = BitConverter.ToUInt16(tail, at + 10);
                if (count != ushort.MaxValue && count != entries)
                {
                    throw Refusals.BadZip("The archive's directory does not list the entries that it holds.");
                }
                return;
            }
        }
        throw Refusals.BadZip("The archive is truncated: it has no directory at its end.");
    }

    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is SharpZipBaseException or ArgumentException or InvalidDataException or NotSupportedException or IndexOutOfRangeException)
        {
            throw Refusals.BadZip("This is not a zip archive, or it is truncated or damaged.");
        }
    }
}
