namespace MedGan.Dicom.Rendering;

/// <summary>An 8-bit grey picture, [row, column].</summary>
public sealed record GrayImage(int Width, int Height, byte[] Pixels)
{
    /// <summary>The picture as a PNG file.</summary>
    public byte[] ToPng()
    {
        using var stream = new MemoryStream();
        PngFile.Gray8(stream, Width, Height, Pixels);
        return stream.ToArray();
    }

    /// <summary>The picture at another size, bilinear; used to make pixels square and thumbnails alike.</summary>
    public GrayImage Resize(int width, int height)
    {
        if (width == Width && height == Height)
            return this;
        var result = new byte[checked(width * height)];
        for (var y = 0; y < height; y++)
        {
            var v = Math.Clamp((y + 0.5) * Height / height - 0.5, 0, Height - 1);
            int y0 = (int)v, y1 = Math.Min(y0 + 1, Height - 1);
            for (var x = 0; x < width; x++)
            {
                var u = Math.Clamp((x + 0.5) * Width / width - 0.5, 0, Width - 1);
                int x0 = (int)u, x1 = Math.Min(x0 + 1, Width - 1);
                var top = Pixels[y0 * Width + x0] * (1 - (u - x0)) + Pixels[y0 * Width + x1] * (u - x0);
                var bottom = Pixels[y1 * Width + x0] * (1 - (u - x0)) + Pixels[y1 * Width + x1] * (u - x0);
                result[y * width + x] = (byte)Math.Round(top * (1 - (v - y0)) + bottom * (v - y0));
            }
        }
        return new GrayImage(width, height, result);
    }
}
