using MedGan.Models.Networks.Conditional;
using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>Generated images in training: latents, classes, style mixing and, where a network has it, noise.</summary>
internal sealed class GeneratorPass
{
    private readonly ConditionalGenerator generator;
    private readonly ClassConditionalPlan plan;
    private readonly Device device;

    public GeneratorPass(ConditionalGenerator generator, ClassConditionalPlan plan, Device device)
    {
        (this.generator, this.plan, this.device) = (generator, plan, device);
        (Latents, Noise) = (new SeededRandom(plan.Seed, stream: 30), new SeededRandom(plan.Seed, stream: 31));
        if (generator is StyleGan2Generator style) style.Noise = Noise;
    }

    /// <summary>Decides latents, mixing and uniform classes.</summary>
    public SeededRandom Latents { get; }

    /// <summary>Decides the noise of styled layers.</summary>
    public SeededRandom Noise { get; }

    /// <param name="real">Classes of the real batch, [N].</param>
    /// <returns>Classes of the generated batch, [N].</returns>
    public Tensor Classes(Tensor real) => plan.GeneratedClasses == "as-real"
        ? real
        : tensor(Enumerable.Range(0, (int)real.shape[0]).Select(_ => (long)Latents.Next(plan.Classes.Count)).ToArray(), device: device);

    /// <param name="y">[N].</param>
    /// <returns>[N,C,H,W].</returns>
    public Tensor Images(Tensor y) => generator is StyleGan2Generator style && plan.Settings.StyleMixing > 0
        ? style.Synthesise(MixedStyles(style, y))
        : generator.call(Latent(y), y);

    /// <summary>The same styles for every layer, with a graph: what path length regularisation looks at.</summary>
    /// <returns>[N,L,W].</returns>
    public Tensor Styles(Tensor y)
    {
        var style = (StyleGan2Generator)generator;
        return style.Map(Latent(y), y).unsqueeze(1).repeat(1, style.StyleCount, 1);
    }

    /// <summary>Standard normal, as an image.</summary>
    public Tensor Like(Tensor images) => SeededTensors.Normal(images.shape, Latents, device);

    private Tensor Latent(Tensor y) => SeededTensors.Normal([y.shape[0], generator.LatentDimensions], Latents, device);

    // style mixing (1812.04948, section 3.1): from a random layer on, another latent's style
    private Tensor MixedStyles(StyleGan2Generator style, Tensor y)
    {
        var (n, layers) = ((int)y.shape[0], style.StyleCount);
        var (first, second) = (style.Map(Latent(y), y), style.Map(Latent(y), y)); // [N,W]
        var others = new float[n * layers];
        for (var i = 0; i < n; i++)
        {
            var (mixes, from) = (Latents.NextDouble() < plan.Settings.StyleMixing, 1 + Latents.Next(layers - 1));
            if (mixes) others.AsSpan(i * layers + from, layers - from).Fill(1);
        }
        var weights = tensor(others, [n, layers, 1], device: device);
        return first.unsqueeze(1) + weights * (second - first).unsqueeze(1); // [N,L,W]
    }
}
