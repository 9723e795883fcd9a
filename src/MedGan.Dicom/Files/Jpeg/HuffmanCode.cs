namespace MedGan.Dicom.Files.Jpeg;

/// <summary>A Huffman code (T.81 annex C), as a table from the next 16 bits to a symbol and the bits it took.</summary>
internal sealed class HuffmanCode
{
    private readonly ushort[] entries = new ushort[1 << 16];

    /// <param name="counts">How many codes there are of each length, 1 to 16 bits.</param>
    /// <param name="symbols">In the order of their codes.</param>
    public HuffmanCode(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        int code = 0, next = 0;
        for (var length = 1; length <= 16; length++)
        {
            for (var i = 0; i < counts[length - 1]; i++, code += 1 << (16 - length))
            {
                if (code + (1 << (16 - length)) > entries.Length)
                    throw new ImageFileException("A Huffman table of the JPEG file is impossible.");
                entries.AsSpan(code, 1 << (16 - length)).Fill((ushort)(length << 8 | symbols[next++]));
            }
        }
    }

    /// <summary>The next symbol, 0 .. 255.</summary>
    public int Next(EntropyBits bits)
    {
        var entry = entries[bits.Peek16()];
        if (entry == 0)
            throw new ImageFileException("The JPEG file holds a code that its Huffman table has not: the file is damaged.");
        bits.Skip(entry >> 8);
        return entry & 0xFF;
    }
}
