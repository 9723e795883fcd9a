using MedGan.Models.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks.Conditional;

/// <summary>
/// StyleGAN's mapping network (Karras et al., 1812.04948, section 2; 2006.06676, appendix D for the class): the latent and the class's vector, each brought to the same length,
/// through linear layers of equalised, hundredfold slower learning rate.
/// </summary>
internal sealed class MappingNetwork : Module<Tensor, Tensor, Tensor>
{
    private const double Rate = 0.01;

    private readonly Module<Tensor, Tensor>? classes;
    private readonly ModuleList<EqualisedLinear> layers = [];

    /// <param name="latentDimensions">Z.</param>
    /// <param name="styleDimensions">W.</param>
    /// <param name="classCount">Classes.</param>
    /// <param name="depth">Layers, at least 1.</param>
    /// <param name="random">Draws the weights.</param>
    public MappingNetwork(int latentDimensions, int styleDimensions, int classCount, int depth, SeededRandom random) : base(nameof(MappingNetwork))
    {
        if (classCount > 1) classes = SeededLayers.Classes(classCount, latentDimensions, random);
        for (var i = 0; i < depth; i++)
            layers.Add(new EqualisedLinear(i > 0 ? styleDimensions : classCount > 1 ? 2 * latentDimensions : latentDimensions, styleDimensions, random, Rate));
        RegisterComponents();
    }

    /// <param name="latent">z, [N,Z].</param>
    /// <param name="y">[N].</param>
    /// <returns>w, [N,W].</returns>
    public override Tensor forward(Tensor latent, Tensor y)
    {
        using var scope = NewDisposeScope();
        var x = Normalised(latent);
        if (classes is not null) x = cat([x, Normalised(classes.call(y))], 1);
        return layers.Aggregate(x, (input, layer) => functional.leaky_relu(layer.call(input), 0.2) * Math.Sqrt(2)).MoveToOuterDisposeScope();
    }

    // each row to a mean square of 1
    private static Tensor Normalised(Tensor x) => x * (x.square().mean([1], keepdim: true) + 1e-8).rsqrt();
}
