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
    public static void Update(nn.Module average, nn.Module network, double decay, long step) =>
        Update(average, network, Math.Min(decay, (1.0 + step) / (10.0 + step)));

    /// <summary>d of a half-life in images (StyleGAN2-ADA, 2006.06676, appendix C): 0.5^(batch / half-life), the half-life at most a share of what was seen.</summary>
    /// <param name="halfLifeImages">Above 0.</param>
    /// <param name="rampUp">The share.</param>
    /// <param name="batch">Images in a step.</param>
    /// <param name="seen">Images before this step.</param>
    internal static double Decay(double halfLifeImages, double rampUp, int batch, double seen) => Math.Pow(0.5, batch / Math.Max(1e-8, Math.Min(halfLifeImages, rampUp * seen)));

    /// <param name="average">The network that holds the average; both have the same parameters in the same order.</param>
    /// <param name="network">The network in training.</param>
    /// <param name="d">[0, 1).</param>
    public static void Update(nn.Module average, nn.Module network, double d)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var (own, buffer) in average.buffers().Zip(network.buffers())) own.copy_(buffer); // no mean of directions or counts
        foreach (var (mean, weight) in average.parameters().Zip(network.parameters())) mean.mul_(d).add_(weight, 1 - d);
    }
}
