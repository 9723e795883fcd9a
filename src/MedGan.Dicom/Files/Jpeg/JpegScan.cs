namespace MedGan.Dicom.Files.Jpeg;

/// <summary>
/// Decodes one scan into its components' coefficients: sequential (T.81 F.2), or a band of coefficients <paramref name="first"/> .. <paramref name="last"/> to the
/// precision of bit <paramref name="low"/> (T.81 G); <paramref name="high"/> is the bit that earlier scans reached, 0 if there were none.
/// </summary>
internal sealed class JpegScan(IReadOnlyList<JpegComponent> components, bool progressive, int first, int last, int high, int low, int restartInterval)
{
    private int endOfBandRun;

    /// <summary>Reads the scan; returns where the marker behind it is looked for.</summary>
    public int Decode(byte[] file, int position, int unitsWide, int unitsHigh)
    {
        var bits = new EntropyBits(file, position);
        var alone = components.Count == 1 ? components[0] : null;
        // A scan of one component is not interleaved: its unit is one block, and there are no blocks outside of the picture (T.81 A.2.2).
        var (wide, count) = alone is null ? (unitsWide, unitsWide * unitsHigh) : (alone.BlocksWide, alone.BlocksWide * alone.BlocksHigh);
        Reset();
        for (var unit = 0; unit < count; unit++)
        {
            if (restartInterval > 0 && unit > 0 && unit % restartInterval == 0)
            {
                bits.Restart();
                Reset();
            }
            var (row, column) = (unit / wide, unit % wide);
            if (alone is not null)
                DecodeBlock(bits, alone, alone.Block(row, column));
            else
                foreach (var c in components)
                    for (var y = 0; y < c.Down; y++)
                        for (var x = 0; x < c.Across; x++)
                            DecodeBlock(bits, c, c.Block(row * c.Down + y, column * c.Across + x));
        }
        return bits.Position;
    }

    private void Reset()
    {
        endOfBandRun = 0;
        foreach (var c in components)
            c.Predictor = 0;
    }

    private void DecodeBlock(EntropyBits bits, JpegComponent c, Span<short> block)
    {
        if (!progressive)
        {
            block[0] = Dc(bits, c);
            SequentialAc(bits, c.Ac!, block);
        }
        else if (first == 0 && high == 0)
            block[0] = (short)(Dc(bits, c) << low);
        else if (first == 0)
            block[0] |= (short)(bits.Take(1) << low);
        else if (high == 0)
            FirstBand(bits, c.Ac!, block);
        else
            RefineBand(bits, c.Ac!, block);
    }

    private static short Dc(EntropyBits bits, JpegComponent c)
    {
        var length = c.Dc!.Next(bits);
        if (length > 11)
            throw Damaged();
        c.Predictor += bits.TakeSigned(length);
        return (short)c.Predictor;
    }

    private static void SequentialAc(EntropyBits bits, HuffmanCode code, Span<short> block)
    {
        for (var k = 1; k < 64; k++)
        {
            var symbol = code.Next(bits);
            var (run, length) = (symbol >> 4, symbol & 15);
            if (length == 0 && run != 15)
                return;
            k += run;
            if (k > 63)
                throw Damaged();
            block[k] = (short)bits.TakeSigned(length);
        }
    }

    private void FirstBand(EntropyBits bits, HuffmanCode code, Span<short> block)
    {
        if (endOfBandRun > 0)
        {
            endOfBandRun--;
            return;
        }
        for (var k = first; k <= last; k++)
        {
            var symbol = code.Next(bits);
            var (run, length) = (symbol >> 4, symbol & 15);
            if (length == 0 && run != 15)
            {
                endOfBandRun = (1 << run) - 1 + bits.Take(run);
                return;
            }
            k += run;
            if (k > last)
                throw Damaged();
            block[k] = (short)(bits.TakeSigned(length) << low);
        }
    }

    // T.81 G.1.2.3: a correction bit for every coefficient that is already not zero, and new ones of magnitude 1 between them.
    private void RefineBand(EntropyBits bits, HuffmanCode code, Span<short> block)
    {
        var k = first;
        if (endOfBandRun == 0)
        {
            for (; k <= last; k++)
            {
                var symbol = code.Next(bits);
                var (run, length) = (symbol >> 4, symbol & 15);
                if (length > 1)
                    throw Damaged();
                var value = length == 0 ? 0 : bits.Take(1) == 1 ? 1 << low : -1 << low;
                if (length == 0 && run != 15)
                {
                    endOfBandRun = (1 << run) + bits.Take(run);
                    break;
                }
                for (; k <= last; k++)
                {
                    if (block[k] != 0)
                        Correct(bits, ref block[k]);
                    else if (run-- == 0)
                        break;
                }
                if (value == 0)
                    continue;
                if (k > last)
                    throw Damaged();
                block[k] = (short)value;
            }
        }
        if (endOfBandRun > 0)
        {
            for (; k <= last; k++)
                if (block[k] != 0)
                    Correct(bits, ref block[k]);
            endOfBandRun--;
        }
    }

    private void Correct(EntropyBits bits, ref short value)
    {
        if (bits.Take(1) == 1 && (value & (1 << low)) == 0)
            value += (short)(value > 0 ? 1 << low : -1 << low);
    }

    private static ImageFileException Damaged() => new("The data of the JPEG file is damaged.");
}
