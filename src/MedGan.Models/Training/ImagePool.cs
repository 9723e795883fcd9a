using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>
/// A history of translated images for a discriminator (Shrivastava et al., 1612.07828, section 2.3; CycleGAN 1703.10593, section 4):
/// once full, each image is, with probability 1/2, exchanged for a random earlier one.
/// </summary>
public sealed class ImagePool : IDisposable
{
    private readonly SeededRandom random;
    private readonly Tensor images; // [capacity,C,H,W]
    private readonly int capacity;
    private int count;

    /// <param name="capacity">Images held; 0 hands every image straight on.</param>
    /// <param name="channels">Of an image.</param>
    /// <param name="size">Pixels per side.</param>
    /// <param name="random">Decides the exchanges.</param>
    /// <param name="device">Where the images lie.</param>
    public ImagePool(int capacity, int channels, int size, SeededRandom random, Device device)
    {
        this.capacity = capacity;
        this.random = random;
        images = zeros([capacity, channels, size, size], device: device).DetachFromDisposeScope();
    }

    /// <param name="batch">[N,C,H,W] without gradient.</param>
    /// <returns>[N,C,H,W]: what the discriminator shall see in its place.</returns>
    public Tensor Exchange(Tensor batch)
    {
        if (capacity == 0) return batch.alias();
        using var scope = NewDisposeScope();
        var shown = batch.clone();
        for (var i = 0; i < batch.shape[0]; i++)
        {
            var image = batch.narrow(0, i, 1);
            if (count < capacity)
            {
                images.narrow(0, count++, 1).copy_(image);
            }
            else if (random.Next(2) == 1)
            {
                var earlier = images.narrow(0, random.Next(capacity), 1);
                shown.narrow(0, i, 1).copy_(earlier);
                earlier.copy_(image);
            }
        }
        return shown.MoveToOuterDisposeScope();
    }

    /// <summary>[capacity,C,H,W]; the first <see cref="Count"/> are in use. Owned by the pool.</summary>
    public Tensor Images => images;

    public int Count => count;

    public ulong[] RandomState => random.State;

    /// <summary>Goes back to a saved state; <see cref="Images"/> are the caller's to restore.</summary>
    public void Restore(int savedCount, ulong[] randomState)
    {
        if (savedCount < 0 || savedCount > capacity) throw new ArgumentOutOfRangeException(nameof(savedCount));
        count = savedCount;
        random.State = randomState;
    }

    public void Dispose() => images.Dispose();
}
