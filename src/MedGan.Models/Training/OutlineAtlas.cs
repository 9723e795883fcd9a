using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>
/// What one domain's training images show at each depth below the body's outline: the median of their pixels, over all of them.
/// A population prior of a few numbers - no image, no patient can be read from it.
/// </summary>
public sealed class OutlineAtlas : IDisposable
{
    private const int Depths = 65;

    private readonly Tensor medians; // [Depths]

    /// <param name="images">size * size values each, in [-1, 1].</param>
    /// <param name="size">Pixels per side.</param>
    /// <param name="device">Where the atlas lies.</param>
    public OutlineAtlas(IEnumerable<float[]> images, int size, Device device)
    {
        var seen = Enumerable.Range(0, Depths).Select(_ => new List<float>()).ToArray();
        var depth = new float[size * size];
        foreach (var image in images)
        {
            OutlineDepth.Of(image, depth, size);
            for (var i = 0; i < depth.Length; i++) seen[Bin(depth[i])].Add(image[i]);
        }
        using var scope = NewDisposeScope();
        medians = tensor(Medians(seen)).to(device).DetachFromDisposeScope();
    }

    /// <param name="depth">[N,1,H,W] of <see cref="OutlineDepth"/>.</param>
    /// <returns>[N,1,H,W]: the median at each pixel's depth.</returns>
    public Tensor At(Tensor depth)
    {
        using var scope = NewDisposeScope();
        var bins = ((depth + 1) * ((Depths - 1) / 2.0)).round().to(ScalarType.Int64);
        return medians.index_select(0, bins.flatten()).reshape(depth.shape).MoveToOuterDisposeScope();
    }

    public void Dispose() => medians.Dispose();

    private static int Bin(float depth) => (int)Math.Round((depth + 1) * ((Depths - 1) / 2.0));

    // a depth that no image has takes the median of the next one outwards; outside everything is air
    private static float[] Medians(List<float>[] seen)
    {
        var medians = new float[Depths];
        for (var i = 0; i < Depths; i++)
        {
            var values = seen[i];
            values.Sort();
            medians[i] = values.Count > 0 ? values[values.Count / 2] : i > 0 ? medians[i - 1] : -1;
        }
        return medians;
    }
}
