using MedGan.Dicom.Volumes;

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

    /// <summary>The picture at another size: averaged over area where it shrinks, bilinear where it grows.</summary>
    public GrayImage Resize(int width, int height)
    {
        if (width == Width && height == Height)
            return this;
        var result = new float[checked(width * height)];
        AxisWeights.Apply(Array.ConvertAll(Pixels, p => (float)p), Width, Axis(height, Height), Axis(width, Width), result, 0);
        return new GrayImage(width, height, Array.ConvertAll(result, v => (byte)Math.Clamp(MathF.Round(v), 0, 255)));

        static AxisWeights Axis(int target, int source)
        {
            var step = (double)source / target;
            return AxisWeights.Create(target, (step - 1) / 2, step, source, cubic: false);
        }
    }
}
