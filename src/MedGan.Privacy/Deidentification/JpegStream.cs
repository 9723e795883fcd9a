namespace MedGan.Privacy.Deidentification;

/// <summary>A JPEG or JPEG-LS stream without comments, application segments and trailing bytes (ITU-T T.81 annex B, T.87 annex C).</summary>
internal static class JpegStream
{
    private const byte Prefix = 0xFF, StartOfImage = 0xD8, EndOfImage = 0xD9, StartOfScan = 0xDA, FirstApplication = 0xE0, LastApplication = 0xEF, Comment = 0xFE;

    /// <summary>The cleaned stream; null if it is no complete one.</summary>
    public static byte[]? Clean(ReadOnlySpan<byte> stream)
    {
        if (stream.Length < 4 || stream[0] != Prefix || stream[1] != StartOfImage) return null;
        var result = new List<byte>(stream.Length) { Prefix, StartOfImage };
        int at = 2;
        while (at + 1 < stream.Length)
        {
            if (stream[at] != Prefix) return null;
            byte marker = stream[at + 1];
            if (marker == Prefix) { at++; continue; }
            if (marker == EndOfImage)
            {
                result.AddRange([Prefix, EndOfImage]);
                return [.. result];
            }
            if (at + 3 >= stream.Length) return null;
            int length = stream[at + 2] << 8 | stream[at + 3];
            if (length < 2 || at + 2 + length > stream.Length) return null;
            if (marker is not (>= FirstApplication and <= LastApplication or Comment)) result.AddRange(stream.Slice(at, 2 + length));
            at += 2 + length;
            if (marker != StartOfScan) continue;
            int scan = at;
            while (at + 1 < stream.Length && !EndsScan(stream[at], stream[at + 1])) at++;
            result.AddRange(stream[scan..at]);
        }
        return null;
    }

    // Within a scan FF is followed by a stuffed byte below 0x80 (T.81: 0; T.87: a bit-stuffed one) or a restart marker.
    private static bool EndsScan(byte first, byte second) => first == Prefix && second >= 0x80 && second is not (>= 0xD0 and <= 0xD7) && second != Prefix;
}
