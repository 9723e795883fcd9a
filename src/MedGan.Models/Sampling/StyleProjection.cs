using MedGan.Models.Networks.Conditional;
using MedGan.Models.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedGan.Models.Sampling;

/// <summary>
/// Projection of an image into W (Karras et al., 1912.04958, appendix D): Adam from the mean of w, a learning rate that rises over the first twentieth and falls over the last quarter,
/// noise on w that vanishes at three quarters. The distance is the mean squared difference at every resolution down to 8 pixels, in place of a perceptual
/// distance, whose network knows photographs.
/// </summary>
internal static class StyleProjection
{
    private const double LearningRate = 0.1, InitialNoise = 0.05;

    /// <param name="network">Not changed.</param>
    /// <param name="target">[1,C,H,H].</param>
    /// <param name="mean">Of w, [1,W].</param>
    /// <param name="deviation">Of w.</param>
    /// <param name="steps">At least 1.</param>
    /// <param name="everyLayer">Whether each layer has its own w.</param>
    /// <param name="random">Of the noise.</param>
    /// <param name="ct">Stops between two steps.</param>
    /// <returns>[1,L,W], [1,C,H,H] and the root of their mean squared difference; they belong to the caller's scope.</returns>
    public static (Tensor Style, Tensor Image, double Error) Run(StyleGan2Generator network, Tensor target, Tensor mean, double deviation, int steps, bool everyLayer, SeededRandom random, CancellationToken ct)
    {
        using var scope = NewDisposeScope();
        var layers = everyLayer ? network.StyleCount : 1;
        var w = new Parameter(mean.unsqueeze(1).repeat(1, layers, 1)); // [1,L or 1,W]
        using var adam = optim.Adam([w], LearningRate);
        for (var step = 0; step < steps; step++)
        {
            ct.ThrowIfCancellationRequested();
            using var ofStep = NewDisposeScope();
            var t = (double)step / steps;
            var rise = Math.Min(1, t / 0.05);
            var fall = Math.Min(1, (1 - t) / 0.25);
            foreach (var group in adam.ParamGroups) group.LearningRate = LearningRate * Math.Max(0.05, rise) * (0.5 - 0.5 * Math.Cos(Math.PI * fall));
            var strength = InitialNoise * deviation * Math.Pow(Math.Max(0, 1 - t / 0.75), 2);
            var noisy = w + SeededTensors.Normal(w.shape, random, target.device) * strength;
            adam.zero_grad();
            Distance(network.Synthesise(noisy.expand(1, network.StyleCount, -1)), target).backward();
            adam.step();
        }
        using var noGrad = no_grad();
        var style = w.detach().expand(1, network.StyleCount, -1).contiguous();
        var image = network.Synthesise(style).clamp(-1, 1);
        return (style.MoveToOuterDisposeScope(), image.MoveToOuterDisposeScope(), (image - target).square().mean().sqrt().item<float>());
    }

    private static Tensor Distance(Tensor image, Tensor target)
    {
        var sum = (image - target).square().mean();
        while (image.shape[3] > 8)
        {
            (image, target) = (Resampling.Down(image), Resampling.Down(target));
            sum += (image - target).square().mean();
        }
        return sum;
    }
}
