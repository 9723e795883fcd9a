using MedGan.Dicom.Rendering;
using MedGan.Jobs.Images.Folders;
using MedGan.Models.Metrics;
using MedGan.Models.Sampling;

namespace MedGan.Jobs.CommandLine;

/// <summary>Fine images, and what bicubic interpolation and a model of super-resolution make of their degraded ones: the images that the two are measured on.</summary>
/// <param name="Truth">Fine, in [-1, 1].</param>
/// <param name="Bicubic">The same, interpolated.</param>
/// <param name="Model">The same, by the model.</param>
internal sealed record FinerImages(GreyImage[] Truth, GreyImage[] Bicubic, GreyImage[] Model)
{
    private const int Shown = 8;

    public static FinerImages Of(string model, ImageFolder folder, IReadOnlyList<FolderImage> images, CancellationToken ct)
    {
        using var resolver = SuperResolver.Load(model);
        var (size, times) = (folder.Size, resolver.Magnification);
        var (height, width) = (size / times.Rows, size / times.Columns);
        GreyImage Image(float[] pixels, FolderImage of) => new(size, size, Array.ConvertAll(pixels, v => Math.Clamp(v, -1, 1)), of.Patient, of.Inside);
        var made = images.Select(image =>
        {
            ct.ThrowIfCancellationRequested();
            var coarse = resolver.Degrade(folder.Stack(image, resolver.Plan.Slices / 2), size, size);
            return (Truth: Image(image.Pixels, image), Bicubic: Image(resolver.Bicubic(coarse, height, width), image), Model: Image(resolver.Upscale(coarse, height, width), image));
        }).ToArray();
        return new FinerImages([.. made.Select(m => m.Truth)], [.. made.Select(m => m.Bicubic)], [.. made.Select(m => m.Model)]);
    }

    /// <summary>A few of them: a row each of interpolation, model and truth.</summary>
    public byte[] ToPng()
    {
        var sheet = new ContactSheet(Math.Clamp(Truth[0].Width, 64, 512)).Columns("bicubic", "model", "truth");
        var n = Math.Min(Shown, Truth.Length);
        foreach (var i in Enumerable.Range(0, n).Select(k => (int)((k + 0.5) * Truth.Length / n)))
            sheet.Row($"{i + 1}", [.. new[] { Bicubic[i], Model[i], Truth[i] }.Select(Gray)]);
        return sheet.ToPng();
    }

    private static GrayImage Gray(GreyImage image) => new(image.Width, image.Height, [.. image.Pixels.Select(v => (byte)Math.Clamp((v + 1) * 127.5f + 0.5f, 0, 255))]);
}
