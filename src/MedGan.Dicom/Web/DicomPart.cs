namespace MedGan.Dicom.Web;

/// <summary>One object of an upload or download as it came: unchecked, not de-identified, in memory only.</summary>
/// <param name="Index">Its place among the objects of the body, from 0.</param>
/// <param name="Content">Its bytes, at position 0.</param>
public readonly record struct DicomPart(int Index, MemoryStream Content)
{
    private const int BufferBytes = 81_920;

    /// <summary>Reads the content of a part to its end.</summary>
    /// <param name="source">The part.</param>
    /// <param name="most">How many bytes it may hold.</param>
    /// <param name="room">How many bytes it will probably hold.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The content, at position 0; null where it holds more.</returns>
    public static async Task<MemoryStream?> ReadContentAsync(Stream source, long most, int room, CancellationToken ct)
    {
        var content = new MemoryStream(room);
        var buffer = new byte[BufferBytes];
        for (int read; (read = await source.ReadAsync(buffer, ct)) > 0;)
        {
            if (content.Length + read > most) return null;
            content.Write(buffer, 0, read);
        }
        content.Position = 0;
        return content;
    }
}
