using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks.SuperResolution;

/// <summary>k3-w, PReLU, k3-w beside the identity (1609.04802, figure 4), each convolution with batch normalisation or without.</summary>
public sealed class SrResidualBlock : Module<Tensor, Tensor>
{
    private readonly Sequential layers;

    public SrResidualBlock(int width, bool batchNorm, int dimensions = 2) : base(nameof(SrResidualBlock))
    {
        layers = Sequential(("conv1", SpatialLayers.Conv(dimensions, width, width, 3, padding: 1)));
        if (batchNorm) layers.append("norm1", BatchNorm2d(width));
        layers.append("act", PReLU(1));
        layers.append("conv2", SpatialLayers.Conv(dimensions, width, width, 3, padding: 1));
        if (batchNorm) layers.append("norm2", BatchNorm2d(width));
        RegisterComponents();
    }

    /// <param name="x">[N,w,H,W], or [N,w,D,H,W] without batch normalisation -> the same.</param>
    public override Tensor forward(Tensor x)
    {
        using var change = layers.call(x);
        return x + change;
    }
}
