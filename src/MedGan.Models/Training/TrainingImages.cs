using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace MedGan.Models.Training;

/// <summary>What every method does with its list of images, whatever an image is to it.</summary>
public static class TrainingImages
{
    /// <summary>SHA-256 over owners and pixels, in order.</summary>
    /// <param name="images">Whose each is (patient and, where there is one, class; a line each), and its pixels.</param>
    public static string Fingerprint(IEnumerable<(string Owner, float[][] Pixels)> images)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (owner, pixels) in images)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(owner + "\n"));
            foreach (var part in pixels) hash.AppendData(MemoryMarshal.AsBytes<float>(part));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Square patches at random places, of one image after the other.</summary>
    /// <param name="images">imageSize * imageSize values each.</param>
    /// <param name="imageSize">Pixels per side of an image.</param>
    /// <param name="count">Patches.</param>
    /// <param name="size">Pixels per side of a patch.</param>
    /// <param name="random">Decides the places.</param>
    public static IReadOnlyList<TrainingImage> Patches(IReadOnlyList<TrainingImage> images, int imageSize, int count, int size, SeededRandom random)
    {
        var patches = new List<TrainingImage>(count);
        for (var i = 0; i < count; i++)
        {
            var image = images[i % images.Count];
            var (top, left) = (random.Next(imageSize - size + 1), random.Next(imageSize - size + 1));
            var pixels = new float[size * size];
            for (var row = 0; row < size; row++) image.Pixels.AsSpan((top + row) * imageSize + left, size).CopyTo(pixels.AsSpan(row * size));
            patches.Add(new TrainingImage(image.PatientId, pixels));
        }
        return patches;
    }

    /// <summary>At most <paramref name="count"/> of them, evenly spaced.</summary>
    public static T[] Spread<T>(IReadOnlyList<T> images, int count)
    {
        var n = Math.Min(count, images.Count);
        return [.. Enumerable.Range(0, n).Select(i => images[(int)((i + 0.5) * images.Count / n)])];
    }
}
