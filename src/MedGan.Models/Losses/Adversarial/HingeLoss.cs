using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace MedGan.Models.Losses.Adversarial;

/// <summary>The hinge game (Lim and Ye, 1705.02894; SAGAN, 1805.08318, equation 4): D minimises relu(1 - D(x)) + relu(1 + D(y)), G minimises -D(y).</summary>
public sealed class HingeLoss : IAdversarialLoss
{
    public Tensor Discriminator(Tensor real, Tensor fake) => relu(1 - real).mean() + relu(1 + fake).mean();

    public Tensor Generator(Tensor real, Tensor fake) => -fake.mean();
}
