using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace MedGan.Privacy.Deidentification;

/// <summary>Replacements of one patient's identifiers: keyed, one-way and the same at every upload.</summary>
/// <param name="key">The project's key.</param>
/// <param name="person">What tells the patient from others: see <see cref="Deidentifier"/>.</param>
internal sealed class Pseudonyms(PseudonymKey key, string person)
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int PatientCharacters = 16; // 80 bits
    private const int LongestShiftDays = 3650;
    private static readonly DateOnly earliest = new(1800, 1, 1);

    /// <summary>"MG-" and 80 bits in base 32.</summary>
    public string Patient { get; } = "MG-" + ToBase32(key.Mac("patient", person));

    /// <summary>Days by which every date of the patient is moved into the past: 1 to 3650.</summary>
    public int ShiftDays { get; } = 1 + (int)(BinaryPrimitives.ReadUInt64BigEndian(key.Mac("date shift", person)) % LongestShiftDays);

    /// <summary>
    /// A UID under 2.25 (PS3.5 B.2) in place of the original: HMAC-SHA256 cut to 128 bits, of which six say that it is a
    /// version 8 UUID (RFC 9562).
    /// </summary>
    public string Uid(string original)
    {
        byte[] uuid = key.Mac("uid", original.Trim(' ', '\0'))[..16];
        uuid[6] = (byte)(uuid[6] & 0x0F | 0x80);
        uuid[8] = (byte)(uuid[8] & 0x3F | 0x80);
        return "2.25." + new BigInteger(uuid, isUnsigned: true, isBigEndian: true).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// The date moved by the patient's shift, as YYYYMMDD; null if it is none. Of a date-time only the date is used: the time of
    /// day is dropped.
    /// </summary>
    public string? Date(string value)
    {
        string text = value.Trim(' ', '\0').Replace(".", "", StringComparison.Ordinal);
        if (text.Length < 8 || !DateOnly.TryParseExact(text[..8], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) || date < earliest)
            return null;
        return date.AddDays(-ShiftDays).ToString("yyyyMMdd", CultureInfo.InvariantCulture);
    }

    private static string ToBase32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(PatientCharacters);
        var bits = new BigInteger(bytes[..10], isUnsigned: true, isBigEndian: true);
        for (int i = 0; i < PatientCharacters; i++, bits >>= 5) text.Append(Base32[(int)(bits & 31)]);
        return text.ToString();
    }
}
