using System.Text;

namespace FellowOakDicom;

/// <summary>JIS X 0208 and JIS X 0212 as two bytes of seven bits, as they stand after their escape sequence (ISO-IR 87 and 159).</summary>
internal sealed class JisEncoding : Encoding
{
    internal static readonly JisEncoding X0208 = new(supplementary: false);
    internal static readonly JisEncoding X0212 = new(supplementary: true);
    private static readonly Lazy<Encoding> Euc = new(() => GetEncoding(20932, EncoderFallback.ReplacementFallback, DecoderFallback.ReplacementFallback));
    private readonly bool supplementary;

    private JisEncoding(bool supplementary) => this.supplementary = supplementary;

    public override string WebName => "iso-2022-jp";

    public override int GetByteCount(char[] chars, int index, int count) => Bytes(new string(chars, index, count)).Length;
    public override int GetCharCount(byte[] bytes, int index, int count) => Text(bytes.AsSpan(index, count)).Length;
    public override int GetMaxByteCount(int charCount) => 2 * charCount;
    public override int GetMaxCharCount(int byteCount) => byteCount;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex)
    {
        var made = Bytes(new string(chars, charIndex, charCount));
        made.CopyTo(bytes, byteIndex);
        return made.Length;
    }

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        var made = Text(bytes.AsSpan(byteIndex, byteCount));
        made.CopyTo(0, chars, charIndex, made.Length);
        return made.Length;
    }

    /// <summary>Whether the character is in the set.</summary>
    internal bool Holds(char c)
    {
        var euc = Euc.Value.GetBytes([c]);
        return euc.Length == 2 && euc[0] > 0xa0 && euc[1] > 0xa0 == !supplementary;
    }

    // Code page 20932 marks JIS X 0208 by the high bit of both bytes, JIS X 0212 by that of the first.
    private string Text(ReadOnlySpan<byte> bytes)
    {
        var euc = new byte[bytes.Length];
        for (var i = 0; i < euc.Length; i++)
        {
            var inSet = bytes[i] > 0x20 && (i % 2 == 1 || i + 1 < euc.Length);
            euc[i] = !inSet ? bytes[i] : i % 2 == 0 || !supplementary ? (byte)(bytes[i] | 0x80) : (byte)(bytes[i] & 0x7f);
        }
        return Euc.Value.GetString(euc);
    }

    private byte[] Bytes(string text)
    {
        var bytes = Euc.Value.GetBytes(text);
        for (var i = 0; i < bytes.Length; i++) bytes[i] &= 0x7f;
        return bytes;
    }
}
