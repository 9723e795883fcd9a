using MedGan.Models.Networks.Conditional;
using MedGan.Models.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks;

/// <summary>
/// The translation network of CycleGAN (1703.10593, appendix 7.2), after Johnson et al. (1603.08155):
/// c7s1-w, d2w, d4w, n residual blocks of 4w, u2w, uw, c7s1-1; instance normalisation, reflection padding, tanh.
/// </summary>
public sealed class ResNetGenerator : Module<Tensor, Tensor>
{
    private readonly Sequential layers;
    private readonly Sequential? pixelPath;
    private readonly Sequential[] stages; // views of layers, up to the last residual block

    /// <param name="width">w, the channels of the first layer.</param>
    /// <param name="residualBlocks">n.</param>
    /// <param name="channels">Of the input: the image, and what else is known of it.</param>
    /// <param name="pixelPathWidth">
    /// Channels of a path beside the others that looks at 3x3 pixels and normalises nothing; 0 for the paper's network. Instance normalisation takes
    /// away how bright a pixel is in itself, which is what HU are about; this path keeps it, and edges where they are.
    /// </param>
    /// <param name="attention">Self-attention (SAGAN, 1805.08318) after the last residual block.</param>
    public ResNetGenerator(int width, int residualBlocks, int channels = 1, int pixelPathWidth = 0, bool attention = false) : base(nameof(ResNetGenerator))
    {
        layers = Sequential();
        void Add(string name, Module<Tensor, Tensor> layer) => layers.append(name, layer);
        void Normalise(string name, int features)
        {
            Add($"{name}_norm", InstanceNorm2d(features));
            Add($"{name}_relu", ReLU(inplace: true));
        }

        Add("in_pad", ReflectionPad2d(3));
        Add("in", Conv2d(channels, width, 7));                                                      // [N,C,H,W] -> [N,w,H,W]
        Normalise("in", width);
        Add("down1", Conv2d(width, 2 * width, 3, stride: 2, padding: 1));                           // -> [N,2w,H/2,W/2]
        Normalise("down1", 2 * width);
        Add("down2", Conv2d(2 * width, 4 * width, 3, stride: 2, padding: 1));                       // -> [N,4w,H/4,W/4]
        Normalise("down2", 4 * width);
        for (var i = 0; i < residualBlocks; i++) Add($"block{i}", new ResidualBlock(4 * width));    // -> the same
        if (attention) Add("attention", new SelfAttention(4 * width, new SeededRandom(0), spectral: false));
        Add("up1", ConvTranspose2d(4 * width, 2 * width, 3, stride: 2, padding: 1, output_padding: 1)); // -> [N,2w,H/2,W/2]
        Normalise("up1", 2 * width);
        Add("up2", ConvTranspose2d(2 * width, width, 3, stride: 2, padding: 1, output_padding: 1)); // -> [N,w,H,W]
        Normalise("up2", width);
        Add("out_pad", ReflectionPad2d(3));
        Add("out", Conv2d(width, 1, 7));                                                            // -> [N,1,H,W]
        if (pixelPathWidth > 0)
            pixelPath = Sequential(
                ("pad", ReflectionPad2d(1)),
                ("conv1", Conv2d(channels, pixelPathWidth, 3)),                                     // [N,C,H,W] -> [N,p,H,W]
                ("relu1", ReLU(inplace: true)),
                ("conv2", Conv2d(pixelPathWidth, pixelPathWidth, 1)),
                ("relu2", ReLU(inplace: true)),
                ("conv3", Conv2d(pixelPathWidth, pixelPathWidth, 1)),
                ("relu3", ReLU(inplace: true)),
                ("out", Conv2d(pixelPathWidth, 1, 1)));                                             // -> [N,1,H,W]
        stages = Stages([.. layers.named_children()], residualBlocks);
        RegisterComponents();
    }

    /// <summary>N(0, 0.02) as in the paper; the pixel path, which nothing normalises, after He et al.</summary>
    public void Initialise(SeededRandom random)
    {
        Initialisation.Normal(this, random);
        Initialisation.Attention(this, random);
        if (pixelPath is not null) Initialisation.HeNormal(pixelPath, random);
    }

    /// <summary>What the first half of the network sees of an image, from fine to coarse: after the first layer, both halvings, a third and all of the residual blocks.</summary>
    /// <param name="image">[N,C,H,W] in [-1, 1], H and W multiples of 4.</param>
    /// <returns>[N,w,H,W], [N,2w,H/2,W/2] and three times [N,4w,H/4,W/4]; in a scope of the caller's.</returns>
    public Tensor[] Encode(Tensor image)
    {
        var seen = new Tensor[stages.Length];
        for (var i = 0; i < stages.Length; i++) seen[i] = stages[i].call(i == 0 ? image : seen[i - 1]);
        return seen;
    }

    /// <summary>Channels of what <see cref="Encode"/> gives.</summary>
    public static int[] EncodedChannels(int width) => [width, 2 * width, 4 * width, 4 * width, 4 * width];

    private static Sequential[] Stages((string Name, Module Layer)[] all, int residualBlocks)
    {
        var third = (residualBlocks + 2) / 3;
        int StageOf(string name) =>
            name.StartsWith("in", StringComparison.Ordinal) ? 0
            : name.StartsWith("down1", StringComparison.Ordinal) ? 1
            : name.StartsWith("down2", StringComparison.Ordinal) ? 2
            : !name.StartsWith("block", StringComparison.Ordinal) ? -1
            : int.Parse(name.AsSpan(5), System.Globalization.CultureInfo.InvariantCulture) < third ? 3 : 4;
        return [.. all.Where(l => StageOf(l.Name) >= 0).GroupBy(l => StageOf(l.Name)).Select(stage => Sequential([.. stage.Select(l => (l.Name, (Module<Tensor, Tensor>)l.Layer))]))];
    }

    /// <param name="image">[N,C,H,W] in [-1, 1], H and W multiples of 4.</param>
    /// <returns>[N,1,H,W] in [-1, 1].</returns>
    public override Tensor forward(Tensor image)
    {
        using var wide = layers.call(image);
        if (pixelPath is null) return wide.tanh();
        using var fine = pixelPath.call(image);
        using var sum = wide + fine;
        return sum.tanh();
    }
}

/// <summary>Two 3x3 convolutions beside the identity (He et al., 1512.03385), no activation after the sum (Gross and Wilber 2016).</summary>
public sealed class ResidualBlock : Module<Tensor, Tensor>
{
    private readonly Sequential layers;

    /// <param name="channels">C.</param>
    /// <param name="dimensions">2, or 3 for volumes.</param>
    public ResidualBlock(int channels, int dimensions = 2) : base(nameof(ResidualBlock))
    {
        layers = Sequential(
            ("pad1", SpatialLayers.Pad(dimensions)),
            ("conv1", SpatialLayers.Conv(dimensions, channels, channels, 3)),
            ("norm1", SpatialLayers.Norm(dimensions, channels)),
            ("relu1", ReLU(inplace: true)),
            ("pad2", SpatialLayers.Pad(dimensions)),
            ("conv2", SpatialLayers.Conv(dimensions, channels, channels, 3)),
            ("norm2", SpatialLayers.Norm(dimensions, channels)));
        RegisterComponents();
    }

    /// <param name="x">[N,C,H,W] or [N,C,D,H,W] -> the same.</param>
    public override Tensor forward(Tensor x)
    {
        using var change = layers.call(x);
        return x + change;
    }
}
