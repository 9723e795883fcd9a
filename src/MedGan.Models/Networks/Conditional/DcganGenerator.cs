using MedGan.Models.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks.Conditional;

/// <summary>
/// DCGAN's generator (Radford et al., 1511.06434, section 3 and figure 1) with the class beside the latent (Mirza and Osindero, 1411.1784, section 3.2):
/// a linear map to 4 x 4, transposed 4 x 4 convolutions of stride 2 - of which each output sees as many inputs, so no checkerboard - batch
/// normalisation, ReLU, tanh; weights from N(0, 0.02).
/// </summary>
public sealed class DcganGenerator : ConditionalGenerator
{
    private readonly Module<Tensor, Tensor> classes, first;
    private readonly Sequential layers;
    private readonly int widest;

    /// <param name="pyramid">Sizes.</param>
    /// <param name="latentDimensions">Z; the class has as many.</param>
    /// <param name="classCount">Classes.</param>
    /// <param name="random">Draws the weights.</param>
    public DcganGenerator(Pyramid pyramid, int latentDimensions, int classCount, SeededRandom random) : base(nameof(DcganGenerator), latentDimensions)
    {
        widest = pyramid.At(4);
        classes = SeededLayers.Classes(classCount, latentDimensions, random);
        first = SeededLayers.Linear(2 * latentDimensions, widest * 16, random);                                      // [N,2Z] -> [N,16c]
        layers = Sequential();
        foreach (var resolution in pyramid.Resolutions.SkipLast(1))
        {
            var (from, to) = (pyramid.At(resolution), resolution * 2 == pyramid.ImageSize ? pyramid.Channels : pyramid.At(resolution * 2));
            layers.append($"norm{resolution}", BatchNorm2d(from));
            layers.append($"relu{resolution}", ReLU());
            layers.append($"up{resolution}", SeededLayers.ConvTranspose(from, to, 4, random, stride: 2, padding: 1)); // [N,c,h,w] -> [N,c',2h,2w]
        }
        RegisterComponents();
    }

    public override Tensor forward(Tensor latent, Tensor y)
    {
        using var scope = NewDisposeScope();
        var start = first.call(cat([latent, classes.call(y)], 1)).reshape(-1, widest, 4, 4);
        return layers.call(start).tanh().MoveToOuterDisposeScope();
    }
}
