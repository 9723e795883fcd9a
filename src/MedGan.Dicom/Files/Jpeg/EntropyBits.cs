namespace MedGan.Dicom.Files.Jpeg;

/// <summary>The bits of an entropy-coded segment, most significant first, without stuffed zero bytes (T.81 F.2.2.5). Ends at the first marker.</summary>
internal sealed class EntropyBits(byte[] file, int position)
{
    private ulong bits; // the next bit is the highest of `count`
    private int count;

    /// <summary>Of the first byte that was not taken in: at the end of a segment, of its marker.</summary>
    public int Position { get; private set; } = position;

    /// <summary>The next 16 bits; zeros beyond the end.</summary>
    public int Peek16()
    {
        Fill();
        return (int)((count >= 16 ? bits >> (count - 16) : bits << (16 - count)) & 0xFFFF);
    }

    /// <exception cref="ImageFileException">There are fewer bits left.</exception>
    public void Skip(int length)
    {
        if (length > count)
            throw new ImageFileException("The data of the JPEG file is cut off.");
        count -= length;
    }

    /// <summary>The next bits as a number, at most 16 of them.</summary>
    public int Take(int length)
    {
        if (length == 0)
            return 0;
        var value = Peek16() >> (16 - length);
        Skip(length);
        return value;
    }

    /// <summary>A signed number of <paramref name="length"/> bits: those that begin with 0 are negative (T.81 F.2.2.1, EXTEND).</summary>
    public int TakeSigned(int length)
    {
        var value = Take(length);
        return length == 0 || value >> (length - 1) != 0 ? value : value - (1 << length) + 1;
    }

    /// <summary>Drops what is left of the segment and steps over the restart marker behind it.</summary>
    public void Restart()
    {
        (bits, count) = (0, 0);
        if (Position + 1 >= file.Length || file[Position] != 0xFF || file[Position + 1] is < 0xD0 or > 0xD7)
            throw new ImageFileException("A restart marker of the JPEG file is missing: the file is damaged.");
        Position += 2;
    }

    private void Fill()
    {
        while (count <= 48 && Position < file.Length)
        {
            var value = file[Position];
            if (value == 0xFF)
            {
                if (Position + 1 >= file.Length || file[Position + 1] != 0)
                    return;
                Position++;
            }
            Position++;
            bits = bits << 8 | value;
            count += 8;
        }
    }
}
