using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks;

/// <summary>The layers of networks that see images (2 dimensions: [N,C,H,W]) or volumes (3: [N,C,D,H,W]).</summary>
internal static class SpatialLayers
{
    public static Module<Tensor, Tensor> Conv(int dimensions, long from, long to, int kernel, int stride = 1, int padding = 0) =>
        dimensions == 3 ? Conv3d(from, to, kernel, stride, padding) : Conv2d(from, to, kernel, stride, padding);

    public static Module<Tensor, Tensor> Norm(int dimensions, long channels) => dimensions == 3 ? InstanceNorm3d(channels) : InstanceNorm2d(channels);

    public static Module<Tensor, Tensor> Pad(int dimensions) => dimensions == 3 ? ReflectionPad3d(1) : ReflectionPad2d(1);

    /// <summary>Twice the length of every side, by nearest neighbours.</summary>
    public static Module<Tensor, Tensor> Up(int dimensions) => Upsample(scale_factor: [.. Enumerable.Repeat(2.0, dimensions)]);
}
