namespace MedGan.Dicom.Rendering;

/// <summary>Rows of small pictures, each row with a label on its left and each column with one on top.</summary>
public sealed class ContactSheet
{
    private const int Gap = 4, LabelGrey = 230, BackgroundGrey = 24;

    private readonly int _cell;
    private readonly List<string> _columns = [];
    private readonly List<(string Label, IReadOnlyList<GrayImage> Images)> _rows = [];

    /// <param name="cellPixels">Width and height of a picture; pictures are scaled to fit, keeping their shape.</param>
    public ContactSheet(int cellPixels = 128)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cellPixels, 16);
        _cell = cellPixels;
    }

    /// <summary>Labels over the columns, from the left.</summary>
    public ContactSheet Columns(params string[] labels)
    {
        _columns.AddRange(labels);
        return this;
    }

    /// <summary>One more row.</summary>
    public ContactSheet Row(string label, IReadOnlyList<GrayImage> images)
    {
        _rows.Add((label, images));
        return this;
    }

    /// <summary>The whole sheet.</summary>
    /// <exception cref="InvalidOperationException">There is no picture on it.</exception>
    public GrayImage Render()
    {
        var across = _rows.Count == 0 ? 0 : _rows.Max(r => r.Images.Count);
        if (across == 0)
            throw new InvalidOperationException("A contact sheet needs at least one picture.");
        var left = Gap + _rows.Max(r => BitmapFont.Width(r.Label)) + Gap;
        var top = _columns.Count > 0 ? BitmapFont.Height + 2 * Gap : Gap;
        int width = left + across * (_cell + Gap), height = top + _rows.Count * (_cell + Gap);
        var pixels = new byte[checked(width * height)];
        Array.Fill(pixels, (byte)BackgroundGrey);
        for (var c = 0; c < Math.Min(across, _columns.Count); c++)
        {
            var label = _columns[c][..Math.Min(_columns[c].Length, _cell / BitmapFont.Advance)];
            BitmapFont.Draw(pixels, width, left + c * (_cell + Gap) + (_cell - BitmapFont.Width(label)) / 2, Gap, label, LabelGrey);
        }
        for (var r = 0; r < _rows.Count; r++)
        {
            var y = top + r * (_cell + Gap);
            BitmapFont.Draw(pixels, width, Gap, y + (_cell - BitmapFont.Height) / 2, _rows[r].Label, LabelGrey);
            for (var c = 0; c < _rows[r].Images.Count; c++)
                Place(_rows[r].Images[c], pixels, width, left + c * (_cell + Gap), y);
        }
        return new GrayImage(width, height, pixels);
    }

    /// <summary>The whole sheet as a PNG file.</summary>
    public byte[] ToPng() => Render().ToPng();

    private void Place(GrayImage image, byte[] pixels, int width, int x, int y)
    {
        var scale = (double)_cell / Math.Max(image.Width, image.Height);
        var fitted = image.Resize(Math.Max(1, (int)Math.Round(image.Width * scale)), Math.Max(1, (int)Math.Round(image.Height * scale)));
        x += (_cell - fitted.Width) / 2;
        y += (_cell - fitted.Height) / 2;
        for (var row = 0; row < fitted.Height; row++)
            fitted.Pixels.AsSpan(row * fitted.Width, fitted.Width).CopyTo(pixels.AsSpan((y + row) * width + x));
    }
}
