using static TorchSharp.torch;

namespace MedGan.Models.Networks;

/// <summary>A network whose intermediate maps say what an image looks like.</summary>
public interface IFeatureMaps
{
    /// <param name="image">[N,1,H,W] in [-1, 1]; gradients flow through it.</param>
    /// <returns>A few maps, [N,C,h,w] each, from fine to coarse.</returns>
    IReadOnlyList<Tensor> Maps(Tensor image);
}
