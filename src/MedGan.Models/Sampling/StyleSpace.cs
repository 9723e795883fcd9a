using MedGan.Models.Networks.Conditional;
using MedGan.Models.Training;
using static TorchSharp.torch;

namespace MedGan.Models.Sampling;

/// <summary>
/// The styles of a StyleGAN2 model. A style is L * W values: one w for each layer, coarse to fine - the same for all, unless styles were mixed or found layer by layer.
/// </summary>
public sealed class StyleSpace
{
    private const int LatentsForMean = 1000;

    private readonly ClassConditionalGenerator model;
    private readonly StyleGan2Generator network;
    private readonly Device device;
    private readonly Dictionary<int, float[]> means = [];

    internal StyleSpace(ClassConditionalGenerator model, StyleGan2Generator network, Device device) => (this.model, this.network, this.device) = (model, network, device);

    /// <summary>L.</summary>
    public int Layers => network.StyleCount;

    /// <summary>W.</summary>
    public int Dimensions => network.LatentDimensions;

    /// <summary>The style of a latent.</summary>
    /// <param name="className">One of the plan's.</param>
    /// <param name="latent">Z values.</param>
    /// <param name="truncation">psi: 1 leaves it as it is, 0 is the class's mean.</param>
    public float[] Of(string className, float[] latent, double truncation = 1)
    {
        var index = model.ClassIndex(className);
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        return Values(Truncated(model.Rows([latent], Dimensions), tensor([(long)index], device: device), index, truncation));
    }

    /// <summary>The images of styles.</summary>
    /// <param name="styles">L * W values each.</param>
    public float[][] Images(IReadOnlyList<float[]> styles)
    {
        using var inference = inference_mode();
        return [.. styles.SelectMany(style =>
        {
            using var scope = NewDisposeScope();
            return ClassConditionalGenerator.Pixels(Synthesise(model.Rows([style], Layers * Dimensions).reshape(1, Layers, Dimensions))).ToArray();
        })];
    }

    /// <summary>Style mixing (1812.04948, section 3.1): the first style's layers up to one, the second's from there on.</summary>
    /// <param name="coarse">L * W values: pose, shape.</param>
    /// <param name="fine">L * W values: texture, contrast.</param>
    /// <param name="fromLayer">The first layer that is the second's, 0 .. L.</param>
    public float[] Mix(float[] coarse, float[] fine, int fromLayer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fromLayer);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fromLayer, Layers);
        return [.. coarse.AsSpan(0, fromLayer * Dimensions), .. fine.AsSpan(fromLayer * Dimensions)];
    }

    /// <summary>
    /// SeFa (Shen and Zhou, 2007.06600, equation 6): the directions in W that change the styles most, eigenvectors of A^T A with the largest eigenvalues, A being all layers' style
    /// matrices one below the other. They need no labels; what each means is for a person to see.
    /// </summary>
    /// <param name="count">1 .. W.</param>
    /// <returns>Unit vectors of W values, the strongest first; of a vector's two signs the one whose largest value is positive.</returns>
    public float[][] Directions(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Dimensions);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var a = network.StyleWeights().cpu().to(ScalarType.Float64); // [rows,W]
        var (_, vectors) = linalg.eigh(a.t().matmul(a)); // ascending
        var values = vectors.t().contiguous().data<double>().ToArray();
        return [.. Enumerable.Range(1, count).Select(i =>
        {
            var vector = values[^(i * Dimensions)..^((i - 1) * Dimensions)];
            var sign = Math.Sign(vector.MaxBy(Math.Abs));
            return vector.Select(v => (float)(sign * v)).ToArray();
        })];
    }

    /// <summary>A style moved along a direction, in some layers or all.</summary>
    /// <param name="style">L * W values.</param>
    /// <param name="direction">W values.</param>
    /// <param name="amount">How far.</param>
    /// <param name="layers">Which layers; all where not given.</param>
    public float[] Move(float[] style, float[] direction, double amount, Range? layers = null)
    {
        var (from, count) = (layers ?? Range.All).GetOffsetAndLength(Layers);
        var moved = style.ToArray();
        for (var i = from * Dimensions; i < (from + count) * Dimensions; i++) moved[i] += (float)(amount * direction[i % Dimensions]);
        return moved;
    }

    /// <summary>The style whose image is nearest to a given one: <see cref="StyleProjection"/>.</summary>
    /// <param name="image">Channels * size * size values in [-1, 1].</param>
    /// <param name="className">Where the search starts: at this class's mean.</param>
    /// <param name="steps">Of optimisation, at least 1.</param>
    /// <param name="everyLayer">Whether each layer may have a style of its own, which comes nearer but leaves what the model knows.</param>
    /// <param name="seed">Of the search's noise.</param>
    /// <param name="ct">Stops between two steps.</param>
    public ProjectedImage Project(float[] image, string className, int steps = 300, bool everyLayer = false, long seed = 1, CancellationToken ct = default)
    {
        var plan = model.Plan;
        if (image.Length != plan.Channels * plan.ImageSize * plan.ImageSize) throw new ArgumentException($"The image has {image.Length} values; the model's have {plan.Channels} x {plan.ImageSize} x {plan.ImageSize}.", nameof(image));
        using var scope = NewDisposeScope();
        var target = tensor(image, [1, plan.Channels, plan.ImageSize, plan.ImageSize], device: device);
        var index = model.ClassIndex(className);
        var (mean, deviation) = Distribution(index);
        var (style, projected, error) = StyleProjection.Run(network, target, mean, deviation, steps, everyLayer, new SeededRandom(seed, stream: 61), ct);
        return new ProjectedImage(Values(style), ClassConditionalGenerator.Pixels(projected).Single(), error);
    }

    // [N,Z], [N] -> [N,L,W]
    internal Tensor Truncated(Tensor latents, Tensor y, int index, double truncation)
    {
        var w = network.Map(latents, y);
        if (truncation != 1)
        {
            var mean = tensor(MeanOf(index), [1, Dimensions], device: device);
            w = mean + truncation * (w - mean);
        }
        return w.unsqueeze(1).repeat(1, Layers, 1);
    }

    // [N,L,W] -> [N,C,H,W]
    internal Tensor Synthesise(Tensor styles) => network.Synthesise(styles);

    private float[] MeanOf(int index)
    {
        if (means.TryGetValue(index, out var known)) return known;
        using var scope = NewDisposeScope();
        return means[index] = Values(Distribution(index).Mean);
    }

    // of w: its mean, [1,W], and how far it lies from it, over the root of W
    private (Tensor Mean, double Deviation) Distribution(int index)
    {
        using var noGrad = no_grad();
        var latents = SeededTensors.Normal([LatentsForMean, Dimensions], new SeededRandom(0, stream: 62), device);
        var w = network.Map(latents, full([LatentsForMean], index, dtype: ScalarType.Int64, device: device));
        var mean = w.mean([0], keepdim: true);
        return (mean, (w - mean).square().mean().sqrt().item<float>());
    }

    private static float[] Values(Tensor tensor) => tensor.detach().cpu().contiguous().data<float>().ToArray();
}

/// <param name="Style">L * W values.</param>
/// <param name="Image">What the model makes of it, in [-1, 1].</param>
/// <param name="RootMeanSquareError">Between the two images, in [-1, 1] units.</param>
public sealed record ProjectedImage(float[] Style, float[] Image, double RootMeanSquareError);
