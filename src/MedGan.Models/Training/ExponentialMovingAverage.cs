using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>
/// Averaged weights for sampling, avg = d avg + (1 - d) w after every step (Yazici et al., 1806.04498, equation 4), with
/// d = min(decay, (1 + step) / (10 + step)), so that the first steps' random weights are soon forgotten.
/// </summary>
public static class ExponentialMovingAverage
{
    /// <param name="average">The network that holds the average; both have the same parameters in the same order.</param>
    /// <param name="network">The network in training.</param>
    /// <param name="decay">[0, 1).</param>
    /// <param name="step">Steps taken before this one.</param>
    public static void Update(nn.Module average, nn.Module network, double decay, long step)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var d = Math.Min(decay, (1.0 + step) / (10.0 + step));
        foreach (var (own, buffer) in average.buffers().Zip(network.buffers())) own.copy_(buffer); // no mean of directions or counts
        foreach (var (mean, weight) in average.parameters().Zip(network.parameters())) mean.mul_(d).add_(weight, 1 - d);
    }
}
