using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks;

/// <summary>A small classifier: four 3 x 3 convolutions of stride 2 with group normalisation (Wu and He, 1803.08494), the mean over the rest, one linear map.</summary>
public sealed class SmallClassifier : Module<Tensor, Tensor>
{
    private readonly Sequential layers;
    private readonly Linear classify;

    /// <param name="classes">At least 2.</param>
    /// <param name="width">w, the channels of the first layer, a multiple of 4.</param>
    public SmallClassifier(int classes, int width = 16) : base(nameof(SmallClassifier))
    {
        layers = Sequential(
            ("conv1", Conv2d(1, width, 3, stride: 2, padding: 1)),                      // [N,1,H,W] -> [N,w,H/2,W/2]
            ("norm1", GroupNorm(4, width)),
            ("act1", ReLU()),
            ("conv2", Conv2d(width, 2 * width, 3, stride: 2, padding: 1)),              // -> [N,2w,H/4,W/4]
            ("norm2", GroupNorm(4, 2 * width)),
            ("act2", ReLU()),
            ("conv3", Conv2d(2 * width, 4 * width, 3, stride: 2, padding: 1)),          // -> [N,4w,H/8,W/8]
            ("norm3", GroupNorm(4, 4 * width)),
            ("act3", ReLU()),
            ("conv4", Conv2d(4 * width, 8 * width, 3, stride: 2, padding: 1)),          // -> [N,8w,H/16,W/16]
            ("norm4", GroupNorm(4, 8 * width)),
            ("act4", ReLU()));
        classify = Linear(8 * width, classes);
        RegisterComponents();
    }

    /// <summary>Weights from N(0, 2 / fan-in), biases 0, scales of the normalisation 1.</summary>
    public void Initialise(Training.SeededRandom random)
    {
        Initialisation.HeNormal(this, random);
        using var noGrad = no_grad();
        foreach (var (name, parameter) in named_parameters())
            if (name.Contains("norm", StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal)) parameter.fill_(1);
    }

    /// <param name="image">[N,1,H,W] in [-1, 1], H and W at least 16.</param>
    /// <returns>[N,classes], logits.</returns>
    public override Tensor forward(Tensor image)
    {
        using var scope = NewDisposeScope();
        return classify.call(layers.call(image).mean([2, 3])).MoveToOuterDisposeScope();
    }
}
