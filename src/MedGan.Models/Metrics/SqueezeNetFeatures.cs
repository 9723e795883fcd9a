using MedGan.Models.Checkpoints;
using MedGan.Models.Networks;
using MedGan.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Metrics;

/// <summary>
/// Features of SqueezeNet 1.0 trained on photographs: 512 values, the mean over the last fire module's map. Grey values from [-1, 1] go to [0, 255], all three
/// channels alike, at 227 x 227 pixels, less the photographs' mean (blue 104, green 117, red 123). The features are divided by 16, which brings their mean square
/// near 1: there all terms of the kernel distance's cubic kernel count.
/// </summary>
public sealed class SqueezeNetFeatures : IFeatureNetwork
{
    private const int Size = 227;
    private readonly SqueezeNet network;

    private SqueezeNetFeatures(SqueezeNet network) => this.network = network;

    public string Name => "SqueezeNet 1.0, fire9, mean";

    /// <param name="path">A safetensors file with the weights "conv1.weight", "fire2.squeeze1x1.weight" ... "fire9.expand3x3.bias"; the classifier's, conv10, may be there.</param>
    /// <exception cref="InvalidDataException">Not such a file.</exception>
    public static SqueezeNetFeatures Load(string path)
    {
        using var scope = NewDisposeScope();
        var weights = SafeTensors.Read(path);
        foreach (var name in new[] { "conv10.weight", "conv10.bias" }) weights.Remove(name);
        var network = new SqueezeNet();
        try
        {
            CycleGanNetworks.Place(network, CPU);
            TrainingCheckpoint.Copy(weights, network.state_dict());
            CycleGanNetworks.SetTrainable(false, network);
            return new SqueezeNetFeatures(network);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    public float[][] Embed(IReadOnlyList<GreyImage> images)
    {
        using var inference = inference_mode();
        var vectors = new List<float[]>(images.Count);
        foreach (var chunk in images.Chunk(8))
        {
            using var scope = NewDisposeScope();
            var grey = (cat([.. chunk.Select(image => Resampled.To(image, Size))]) + 1) * 127.5f;   // [N,1,227,227] in [0, 255]
            var pooled = network.call(cat([grey - 104, grey - 117, grey - 123], 1)).mean([2, 3]) / 16;   // [N,512]
            vectors.AddRange(pooled.data<float>().ToArray().Chunk(SqueezeNet.Channels));
        }
        return [.. vectors];
    }

    public void Dispose() => network.Dispose();
}
