namespace MedGan.Models.Training;

/// <summary>
/// Altered copies of an image that still count as the same image: mirrored, turned by up to 15 degrees, shifted, cropped or shrunk by up to a tenth,
/// brighter or darker, of other contrast, noisy. What an audit plants, an encoder must have learnt to see through.
/// </summary>
internal static class ContrastiveViews
{
    public static void Draw(ReadOnlySpan<float> source, Span<float> view, int size, SeededRandom random)
    {
        var angle = random.Uniform(-15, 15) * Math.PI / 180;
        var (shiftX, shiftY) = (random.Uniform(-0.06, 0.06) * size, random.Uniform(-0.06, 0.06) * size);
        AffineWarp.Apply(source, view, size, angle, random.Uniform(0.9, 1.12), shiftX, shiftY, mirror: random.Next(2) == 1);
        var (gain, offset, noise) = (random.Uniform(0.8, 1.2), random.Uniform(-0.1, 0.1), random.Uniform(0, 0.06));
        for (var i = 0; i < view.Length; i++) view[i] = (float)(gain * view[i] + offset + noise * random.NextNormal());
    }
}
