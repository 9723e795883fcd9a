namespace MedGan.Dicom.Rendering;

/// <summary>Letters of 5 x 7 pixels for labels: capitals (small letters are shown as such), digits and some marks; anything else is a hollow box.</summary>
internal static class BitmapFont
{
    public const int Height = 7, Advance = 6;

    private const string Characters = " ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;-+/%()[]<>=_|#*'!?";

    // Seven rows a letter, five bits a row, the leftmost pixel the highest bit.
    private static readonly byte[] Rows = Convert.FromHexString(string.Concat(
        "00000000000000",
        "0E11111F111111", "1E11111E11111E", "0E11101010110E", "1E11111111111E", "1F10101E10101F", "1F10101E101010", "0E11101711110E",
        "1111111F111111", "0E04040404040E", "0702020202120C", "11121418141211", "1010101010101F", "111B1515111111", "11191513111111",
        "0E11111111110E", "1E11111E101010", "0E11111115120D", "1E11111E141211", "0F10100E01011E", "1F040404040404", "1111111111110E",
        "11111111110A04", "111111151515" + "0A", "11110A040A1111", "11110A04040404", "1F01020408101F",
        "0E11131519110E", "040C040404040E", "0E11010608101F", "1E01010E01011E", "02060A121F0202", "1F101E0101110E", "0608101E11110E",
        "1F010204040404", "0E11110E11110E", "0E11110F01020C",
        "00000000000C0C", "000000000C0408", "000C0C000C0C00", "000C0C000C0408", "0000001F000000", "0004041F040400", "01010204081010",
        "18190204081303", "02040808080402", "08040202020408", "0E08080808080E", "0E02020202020E", "02040810080402", "08040201020408",
        "00001F001F0000", "0000000000001F", "04040404040404", "0A0A1F0A1F0A0A", "0004150E150400", "04040800000000", "04040404040004", "0E110102040004",
        "1F11111111111F"));

    public static int Width(string text) => text.Length * Advance;

    /// <summary>Draws text into a picture; what does not fit is cut off.</summary>
    public static void Draw(byte[] pixels, int width, int x, int y, string text, byte grey)
    {
        var height = pixels.Length / width;
        foreach (var c in text.ToUpperInvariant())
        {
            var index = Characters.IndexOf(c);
            var glyph = Rows.AsSpan((index < 0 ? Characters.Length : index) * Height, Height);
            for (var row = 0; row < Height; row++)
                for (var column = 0; column < 5; column++)
                {
                    int px = x + column, py = y + row;
                    if ((glyph[row] & (16 >> column)) != 0 && px >= 0 && px < width && py >= 0 && py < height)
                        pixels[py * width + px] = grey;
                }
            x += Advance;
        }
    }
}
