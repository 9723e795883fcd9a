using static TorchSharp.torch;

namespace MedGan.Models.Regularizers;

/// <summary>Weight clipping (Arjovsky et al., 1701.07875, algorithm 1): after a step every weight is brought into [-c, c], which bounds the network's slope.</summary>
public static class WeightClipping
{
    /// <param name="network">Changed in place.</param>
    /// <param name="limit">c, above 0.</param>
    public static void Apply(nn.Module network, double limit)
    {
        using var noGrad = no_grad();
        foreach (var parameter in network.parameters()) parameter.clamp_(-limit, limit);
    }
}
