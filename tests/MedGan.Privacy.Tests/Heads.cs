using System.Security.Cryptography;
using MedGan.Privacy.ReleaseGate;

namespace MedGan.Tests.Privacy;

/// <summary>Made-up axial heads: an ellipse filled with a smooth Gaussian random field of its patient, with fresh noise per slice.</summary>
internal static class Heads
{
    public const int Size = 32;

    public static List<GateImage> Cohort(string prefix, int patients, int slices, int seed)
    {
        var images = new List<GateImage>();
        for (int patient = 0; patient < patients; patient++)
            for (int slice = 0; slice < slices; slice++)
                images.Add(Image($"{prefix}{patient}/{slice}", $"{prefix}{patient}", Slice(seed * 1000 + patient, slice)));
        return images;
    }

    public static GateImage Image(string id, string patient, float[] pixels) =>
        new(id, patient, pixels, Convert.ToHexString(SHA256.HashData(Content(id))));

    public static byte[] Content(string id) => System.Text.Encoding.UTF8.GetBytes(id);

    public static float[] Slice(int patientSeed, int slice)
    {
        var random = new Random(patientSeed);
        double a = Size * (0.36 + 0.06 * random.NextDouble()), b = Size * (0.40 + 0.06 * random.NextDouble());
        float[] low = Field(patientSeed * 31 + 7, 4), high = Field(patientSeed * 977 + slice, 2);
        var noise = new Random(patientSeed * 7919 + slice);
        var pixels = new float[Size * Size];
        for (int y = 0; y < Size; y++)
            for (int x = 0; x < Size; x++)
            {
                double dx = (x - Size / 2 + 0.5) / a, dy = (y - Size / 2 + 0.5) / b;
                int at = y * Size + x;
                double value = dx * dx + dy * dy < 1 ? 0.1 + 0.12 * low[at] + 0.18 * high[at] : -1;
                pixels[at] = (float)Math.Clamp(value + 0.01 * Normal(noise), -1, 1);
            }
        return pixels;
    }

    /// <summary>An embedding that does not see mirroring, as the trained encoder is meant not to: 24 random projections of |x| and |y|.</summary>
    public static float[][] Embed(IReadOnlyList<float[]> images)
    {
        var directions = Enumerable.Range(0, 24).Select(k => Field(500 + k, 3)).ToArray();
        return [.. images.Select(image =>
        {
            float[] vector = [.. directions.Select(direction => Symmetric(image, direction))];
            float norm = MathF.Sqrt(vector.Sum(v => v * v));
            return vector.Select(v => v / MathF.Max(norm, 1e-12f)).ToArray();
        })];
    }

    private static float Symmetric(float[] image, float[] direction)
    {
        double sum = 0;
        for (int y = 0; y < Size; y++)
            for (int x = 0; x < Size; x++)
                sum += (image[y * Size + x] + 1) * direction[Math.Min(y, Size - 1 - y) * Size + Math.Min(x, Size - 1 - x)];
        return (float)sum;
    }

    /// <summary>White noise smoothed by box filters of the given radius, scaled to unit variance.</summary>
    private static float[] Field(int seed, int radius)
    {
        var random = new Random(seed);
        float[] field = [.. Enumerable.Range(0, Size * Size).Select(_ => (float)Normal(random))];
        for (int pass = 0; pass < 2; pass++) field = Box(Box(field, radius, 1), radius, Size);
        float deviation = MathF.Sqrt(field.Average(v => v * v));
        return [.. field.Select(v => v / deviation)];
    }

    private static float[] Box(float[] field, int radius, int step)
    {
        var result = new float[field.Length];
        for (int at = 0; at < field.Length; at++)
        {
            int along = at / step % Size, start = at - along * step;
            for (int k = -radius; k <= radius; k++) result[at] += field[start + (along + k + Size) % Size * step];
        }
        return result;
    }

    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
