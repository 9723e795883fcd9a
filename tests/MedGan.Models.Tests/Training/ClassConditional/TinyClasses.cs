using MedGan.Models.Training;

namespace MedGan.Models.Tests.Training.ClassConditional;

/// <summary>Two classes of 16 x 16 pixels, a frequent one of discs and a rare one of rings; enough to run every line of a training in seconds.</summary>
internal static class TinyClasses
{
    public const int Size = 16;

    public static ClassConditionalPlan Plan(string method) => new()
    {
        Method = method, ImageSize = Size, Classes = ["disc", "ring"], LatentDimensions = 15, GeneratorWidth = 8, DiscriminatorWidth = 8, WidestLayer = 16,
        AttentionResolution = 8, BatchSize = 4, MaxSteps = 6, Device = "cpu", Threads = 1, Seed = 5,
    };

    public static ClassImage[] Images { get; } = [.. Enumerable.Range(0, 12).Select(i => Image(i, i % 4 == 3))];

    private static ClassImage Image(int seed, bool ring)
    {
        var random = new SeededRandom(seed, stream: 78);
        var (x, y, radius) = (random.Uniform(6, 10), random.Uniform(6, 10), random.Uniform(3, 6));
        var pixels = new float[Size * Size];
        for (var i = 0; i < pixels.Length; i++)
        {
            var distance = double.Hypot(i % Size - x, i / Size - y);
            pixels[i] = distance > radius || (ring && distance < radius - 2) ? -1 : 0.7f;
        }
        return new ClassImage($"patient-{seed}", ring ? "ring" : "disc", pixels);
    }
}
