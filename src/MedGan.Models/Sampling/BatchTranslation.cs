using MedGan.Models.Networks;
using MedGan.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Sampling;

/// <summary>Images through a generator, a few at a time, without gradients.</summary>
internal static class BatchTranslation
{
    private const int ImagesAtOnce = 16;

    /// <param name="generator">Instance normalisation: an image's translation does not depend on its neighbours in the batch.</param>
    /// <param name="images">size * size values each, in [-1, 1].</param>
    /// <param name="size">Pixels per side.</param>
    /// <param name="channels">Of the generator's input.</param>
    /// <param name="type">Of the generator's weights.</param>
    /// <param name="device">Where the generator lies.</param>
    public static float[][] Run(ResNetGenerator generator, IReadOnlyList<float[]> images, int size, int channels, ScalarType type, Device device)
    {
        var results = new List<float[]>(images.Count);
        using var inference = inference_mode();
        foreach (var chunk in images.Chunk(ImagesAtOnce))
        {
            using var scope = NewDisposeScope();
            foreach (var image in chunk)
                if (image.Length != size * size) throw new ArgumentException($"An image has {image.Length} pixels; the model works on {size} x {size}.", nameof(images));
            var input = ImageBatches.Stack(chunk, size, channels).to(type, device); // [N,C,H,W]
            var output = generator.call(input).to(ScalarType.Float32).cpu().data<float>().ToArray();
            for (var i = 0; i < chunk.Length; i++) results.Add(output[(i * size * size)..((i + 1) * size * size)]);
        }
        return [.. results];
    }
}
