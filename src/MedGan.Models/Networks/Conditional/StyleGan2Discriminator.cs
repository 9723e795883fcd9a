using MedGan.Models.Regularizers;
using MedGan.Models.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks.Conditional;

/// <summary>
/// StyleGAN2's residual discriminator (Karras et al., 1912.04958, section 4.1): a 1 x 1 convolution from the image, residual blocks that halve the resolution down to 4 x 4,
/// minibatch standard deviation, a 3 x 3 convolution, a linear layer, and the class by projection (2006.06676, appendix D).
/// </summary>
public sealed class StyleGan2Discriminator : ConditionalDiscriminator
{
    private readonly ModuleList<Module<Tensor, Tensor>> stages = [];
    private readonly EqualisedConv conv;
    private readonly EqualisedLinear features, score;
    private readonly Module<Tensor, Tensor>? classes;
    private readonly MinibatchStandardDeviation? deviation;

    /// <param name="pyramid">Sizes.</param>
    /// <param name="classCount">Classes.</param>
    /// <param name="minibatchDeviation">Whether there is a minibatch standard deviation; with it an image's score depends on the others of its batch.</param>
    /// <param name="random">Draws the weights.</param>
    public StyleGan2Discriminator(Pyramid pyramid, int classCount, bool minibatchDeviation, SeededRandom random) : base(nameof(StyleGan2Discriminator))
    {
        var widest = pyramid.At(4);
        stages.Add(new EqualisedConv(pyramid.Channels, pyramid.Width, 1, random));
        foreach (var resolution in pyramid.Resolutions.Skip(1).Reverse())
            stages.Add(new StyleGan2DownBlock(pyramid.At(resolution), pyramid.At(resolution / 2), random));
        if (minibatchDeviation) deviation = new MinibatchStandardDeviation();
        conv = new EqualisedConv(minibatchDeviation ? widest + 1 : widest, widest, 3, random);
        features = new EqualisedLinear(widest * 16, widest, random);
        score = new EqualisedLinear(widest, 1, random);
        if (classCount > 1) classes = SeededLayers.Classes(classCount, widest, random);
        RegisterComponents();
    }

    public override Tensor Features(Tensor image)
    {
        using var scope = NewDisposeScope();
        var x = stages.Aggregate(image, (input, stage) => stage.call(input)); // [N,c,4,4]
        x = conv.call(deviation is null ? x : deviation.call(x)).flatten(1);
        return (functional.leaky_relu(features.call(x), 0.2) * Math.Sqrt(2)).MoveToOuterDisposeScope();
    }

    public override Tensor Score(Tensor features, Tensor y)
    {
        using var scope = NewDisposeScope();
        var result = score.call(features).squeeze(1);
        if (classes is not null) result = result + (classes.call(y) * features).sum(1) / Math.Sqrt(features.shape[1]);
        return result.MoveToOuterDisposeScope();
    }
}

/// <summary>
/// [N,c,h,w] -> [N,c',h/2,w/2] (1912.04958, figure 7c): convolve, halve, convolve; beside it halve and convolve 1 x 1; their sum over sqrt 2. The paper
/// convolves the second time with stride 2 what it has blurred; here the resolution is halved first, which costs as little and needs no blur at full size.
/// </summary>
internal sealed class StyleGan2DownBlock : Module<Tensor, Tensor>
{
    private readonly EqualisedConv conv1, conv2, skip;

    public StyleGan2DownBlock(int from, int to, SeededRandom random) : base(nameof(StyleGan2DownBlock))
    {
        conv1 = new EqualisedConv(from, from, 3, random);
        conv2 = new EqualisedConv(from, to, 3, random);
        skip = new EqualisedConv(from, to, 1, random, activate: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var change = conv2.call(Resampling.Down(conv1.call(x)));
        return ((change + skip.call(Resampling.Down(x))) / Math.Sqrt(2)).MoveToOuterDisposeScope();
    }
}
