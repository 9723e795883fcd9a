using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks;

/// <summary>A small convolutional network from an image to a unit vector: five 3x3 convolutions of stride 2, mean over the rest, one linear map.</summary>
public sealed class EncoderNetwork : Module<Tensor, Tensor>, IFeatureMaps
{
    /// <summary>Length of the vector.</summary>
    public const int Dimensions = 64;

    private readonly Sequential layers;
    private readonly Linear project;

    public EncoderNetwork() : base(nameof(EncoderNetwork))
    {
        layers = Sequential(
            ("conv1", Conv2d(1, 16, 3, stride: 2, padding: 1)),     // [N,1,H,W] -> [N,16,H/2,W/2]
            ("norm1", InstanceNorm2d(16)),
            ("act1", LeakyReLU(0.1, inplace: true)),
            ("conv2", Conv2d(16, 32, 3, stride: 2, padding: 1)),    // -> [N,32,H/4,W/4]
            ("norm2", InstanceNorm2d(32)),
            ("act2", LeakyReLU(0.1, inplace: true)),
            ("conv3", Conv2d(32, 64, 3, stride: 2, padding: 1)),    // -> [N,64,H/8,W/8]
            ("norm3", InstanceNorm2d(64)),
            ("act3", LeakyReLU(0.1, inplace: true)),
            ("conv4", Conv2d(64, 128, 3, stride: 2, padding: 1)),   // -> [N,128,H/16,W/16]
            ("act4", LeakyReLU(0.1, inplace: true)),
            ("conv5", Conv2d(128, 128, 3, stride: 2, padding: 1)),  // -> [N,128,H/32,W/32]
            ("act5", LeakyReLU(0.1, inplace: true)));
        project = Linear(128, Dimensions);
        RegisterComponents();
    }

    /// <param name="image">[N,1,H,W], H and W at least 32.</param>
    /// <returns>[N,64], each of length 1.</returns>
    public override Tensor forward(Tensor image)
    {
        using var scope = NewDisposeScope();
        var vector = project.call(layers.call(image).mean([2, 3])); // [N,128] -> [N,64]
        return (vector / (vector.square().sum(1, keepdim: true) + 1e-12).sqrt()).MoveToOuterDisposeScope();
    }

    /// <summary>What the first four convolutions give after their activation: 16, 32, 64 and 128 channels at 1/2, 1/4, 1/8 and 1/16 of the resolution.</summary>
    /// <param name="image">[N,1,H,W], H and W at least 32.</param>
    public IReadOnlyList<Tensor> Maps(Tensor image)
    {
        using var scope = NewDisposeScope();
        var maps = new List<Tensor>();
        foreach (var layer in layers.children().Take(11).Cast<Module<Tensor, Tensor>>())
        {
            image = layer.call(image);
            if (layer is LeakyReLU) maps.Add(image);
        }
        return [.. maps.Select(m => m.MoveToOuterDisposeScope())];
    }
}
