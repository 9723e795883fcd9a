using MedGan.Dicom.Rendering;
using MedGan.Models.Training;

namespace MedGan.Jobs.Tests.CommandLine;

/// <summary>Four patients' pictures of discs with a rim, of 32 x 32 pixels and 16 bits.</summary>
internal static class DiscPictures
{
    public const int Size = 32;

    /// <param name="folder">Made where it is not there.</param>
    /// <param name="bright">Whether the disc is brighter than its rim.</param>
    public static void Write(string folder, bool bright)
    {
        Directory.CreateDirectory(folder);
        for (var i = 0; i < 8; i++)
        {
            var random = new SeededRandom(i);
            var (x, y, radius) = (random.Uniform(12, 20), random.Uniform(12, 20), random.Uniform(6, 11));
            var pixels = new ushort[Size * Size];
            for (var p = 0; p < pixels.Length; p++)
            {
                var distance = double.Hypot(p % Size - x, p / Size - y);
                pixels[p] = distance > radius ? (ushort)2000 : distance > radius - 2 ? (ushort)(bright ? 30000 : 60000) : (ushort)(bright ? 60000 : 20000);
            }
            using var stream = File.Create(Path.Combine(folder, $"pat{i / 2}_slice{i % 2}.png"));
            PngFile.Gray16(stream, Size, Size, pixels);
        }
    }
}
