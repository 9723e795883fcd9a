using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace MedGan.Models.Losses.Adversarial;

/// <summary>
/// The relativistic average game (Jolicoeur-Martineau, 1807.00734, equations 7 to 9 with the logistic function):
/// D minimises softplus(-(D(x) - E D(y))) + softplus(D(y) - E D(x)), G the same with x and y exchanged.
/// </summary>
public sealed class RelativisticAverageLoss : IAdversarialLoss
{
    public bool IsRelativistic => true;

    public Tensor Discriminator(Tensor real, Tensor fake) => softplus(fake.mean() - real).mean() + softplus(fake - real.mean()).mean();

    public Tensor Generator(Tensor real, Tensor fake) => Discriminator(fake, real);
}
