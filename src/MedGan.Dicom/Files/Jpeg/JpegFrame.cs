using System.Buffers.Binary;

namespace MedGan.Dicom.Files.Jpeg;

/// <summary>A frame (T.81 B.2.2): size, components, and how they become grey.</summary>
internal sealed class JpegFrame
{
    public required int Width { get; init; }
    public required int Height { get; init; }
    public required bool Progressive { get; init; }
    public required IReadOnlyList<JpegComponent> Components { get; init; }

    /// <summary>Interleaved units of the picture, across and down.</summary>
    public int UnitsWide => Components[0].StoredWide / Components[0].Across;
    public int UnitsHigh => Components[0].StoredHigh / Components[0].Down;

    /// <param name="body">The segment.</param>
    /// <param name="progressive">SOF2.</param>
    /// <param name="fileLength">Bytes of the whole file.</param>
    public static JpegFrame Of(ReadOnlySpan<byte> body, bool progressive, int fileLength)
    {
        if (body.Length < 6 || body.Length < 6 + 3 * body[5])
            throw new ImageFileException("The header of the JPEG file is damaged.");
        if (body[0] != 8)
            throw new ImageFileException($"The JPEG file has {body[0]} bits a sample; only 8 are read.");
        int height = BinaryPrimitives.ReadUInt16BigEndian(body[1..]), width = BinaryPrimitives.ReadUInt16BigEndian(body[3..]);
        GrayRaster.RequireSize(width, height);
        if (body[5] is not (1 or 3))
            throw new ImageFileException($"The JPEG file has {body[5]} colour components; only grey and three-coloured files are read.");
        var components = new JpegComponent[body[5]];
        for (var i = 0; i < components.Length; i++)
        {
            var c = body.Slice(6 + 3 * i, 3);
            components[i] = new JpegComponent { Id = c[0], Across = c[1] >> 4, Down = c[1] & 15, QuantizationTable = c[2] };
        }
        if (components.Any(c => c.Across is < 1 or > 4 || c.Down is < 1 or > 4 || c.QuantizationTable > 3))
            throw new ImageFileException("The header of the JPEG file is damaged.");
        var (across, down) = (components.Max(c => c.Across), components.Max(c => c.Down));
        foreach (var c in components)
            c.Lay(width, height, across, down);
        // The DC value of every block takes a bit at least.
        if (components.Sum(c => (long)c.BlocksWide * c.BlocksHigh) > 8L * fileLength)
            throw new ImageFileException("The data of the JPEG file is too short for its size.");
        foreach (var c in components)
            c.Allocate();
        return new JpegFrame { Width = width, Height = height, Progressive = progressive, Components = components };
    }

    /// <summary>A scan over some components, its parameters checked (T.81 B.2.3, G.1.1.1).</summary>
    public JpegScan Scan(IReadOnlyList<JpegComponent> components, int first, int last, int high, int low, int restartInterval)
    {
        var known = components.All(c => c.Steps is not null);
        bool needsDc = !Progressive || (first == 0 && high == 0), needsAc = !Progressive || first > 0;
        var possible = !Progressive || (first == 0 ? last == 0 : last >= first && last <= 63 && components.Count == 1);
        if (!known || !possible || low > 13 || (high != 0 && high != low + 1)
            || components.Any(c => (needsDc && c.Dc is null) || (needsAc && c.Ac is null)))
            throw new ImageFileException("A scan of the JPEG file lacks its tables or is impossible.");
        return new JpegScan(components, Progressive, first, last, high, low, restartInterval);
    }

    /// <summary>Grey: the only component, Y of YCbCr, or the luma of RGB (as JFIF, Adobe's marker or the components' letters say).</summary>
    public GrayRaster ToRaster(bool jfif, int? adobeTransform)
    {
        if (Components.Count == 1 || !IsRgb(jfif, adobeTransform))
        {
            if (Components.Any(c => c.Across > Components[0].Across || c.Down > Components[0].Down))
                throw new ImageFileException("The JPEG file stores its grey values more coarsely than its colours, which is not read.");
            return Raster(Array.ConvertAll(Components[0].Samples(Width, Height), v => (float)v));
        }
        if (Components.Any(c => c.Across != Components[0].Across || c.Down != Components[0].Down))
            throw new ImageFileException("The JPEG file is RGB with colours of different resolution, which is not read.");
        var (red, green, blue) = (Components[0].Samples(Width, Height), Components[1].Samples(Width, Height), Components[2].Samples(Width, Height));
        return Raster([.. red.Select((r, i) => GrayRaster.Luma(r, green[i], blue[i]))]);
    }

    private GrayRaster Raster(float[] values) => new(Width, Height, 255, true, values);

    private bool IsRgb(bool jfif, int? adobeTransform) =>
        !jfif && (adobeTransform is { } transform ? transform == 0 : Components.Select(c => c.Id).SequenceEqual("RGB"u8.ToArray()));
}
