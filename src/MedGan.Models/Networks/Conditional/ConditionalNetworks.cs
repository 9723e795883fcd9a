using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks.Conditional;

/// <summary>A network from a latent and a class to an image: z [N,Z], standard normal, and y [N], whole numbers from 0, to [N,C,H,W], about [-1, 1].</summary>
/// <param name="name">Of the module.</param>
/// <param name="latentDimensions">Z.</param>
public abstract class ConditionalGenerator(string name, int latentDimensions) : Module<Tensor, Tensor, Tensor>(name)
{
    /// <summary>Z.</summary>
    public int LatentDimensions { get; } = latentDimensions;
}

/// <summary>
/// A network from an image and a class to a score: [N,C,H,W] and [N] to [N], unbounded, larger for what looks real. Its parts in the order in which an image passes
/// them are called stages.0, stages.1, ...: a transfer may freeze the first few.
/// </summary>
/// <param name="name">Of the module.</param>
public abstract class ConditionalDiscriminator(string name) : Module<Tensor, Tensor, Tensor>(name)
{
    /// <summary>What the head judges: [N,C,H,W] -> [N,F].</summary>
    public abstract Tensor Features(Tensor image);

    /// <summary>[N,F] and [N] -> [N].</summary>
    public abstract Tensor Score(Tensor features, Tensor classes);

    public override Tensor forward(Tensor image, Tensor classes)
    {
        using var features = Features(image);
        return Score(features, classes);
    }
}

/// <summary>Channels at each resolution: w at the image's own, twice as many at each half of it, never more than the widest.</summary>
/// <param name="ImageSize">Pixels per side; 4 times a power of 2.</param>
/// <param name="Width">w.</param>
/// <param name="Widest">The most channels.</param>
/// <param name="Channels">Of the image.</param>
public readonly record struct Pyramid(int ImageSize, int Width, int Widest, int Channels = 1)
{
    /// <summary>Channels where the image is <paramref name="resolution"/> pixels wide.</summary>
    public int At(int resolution) => Math.Min(Widest, Width * (ImageSize / resolution));

    /// <summary>4, 8, ... , <see cref="ImageSize"/>.</summary>
    public IEnumerable<int> Resolutions
    {
        get
        {
            for (var resolution = 4; resolution <= ImageSize; resolution *= 2) yield return resolution;
        }
    }
}
