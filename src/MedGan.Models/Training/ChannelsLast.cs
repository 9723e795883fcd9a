using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>
/// Convolution weights laid out [out, height, width, in] in memory under their usual shape [out, in, height, width]. Convolutions take it as the wish to
/// work on channels-last activations, which is the layout that both oneDNN and cuDNN's tensor cores need no reordering for. Values do not change.
/// </summary>
internal static class ChannelsLast
{
    public static void Weights(nn.Module network)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var layer in network.modules())
            if (layer is Convolution { weight: { } weight } && weight.dim() == 4) weight.set_(Of(weight));
    }

    // The strides are given in full: where a dimension is 1 wide, contiguous() would leave them as they are.
    private static Tensor Of(Tensor weight)
    {
        var (channels, height, width) = (weight.shape[1], weight.shape[2], weight.shape[3]);
        return weight.detach().permute(0, 2, 3, 1).contiguous().as_strided(weight.shape, [height * width * channels, 1, width * channels, channels]);
    }
}
