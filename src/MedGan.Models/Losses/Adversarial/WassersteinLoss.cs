using static TorchSharp.torch;

namespace MedGan.Models.Losses.Adversarial;

/// <summary>
/// The Wasserstein game (Arjovsky et al., 1701.07875, equation 2): D minimises D(y) - D(x), G minimises -D(y). D has to be held Lipschitz by something else:
/// clipped weights, a gradient penalty or spectral normalisation.
/// </summary>
public sealed class WassersteinLoss : IAdversarialLoss
{
    public Tensor Discriminator(Tensor real, Tensor fake) => fake.mean() - real.mean();

    public Tensor Generator(Tensor real, Tensor fake) => -fake.mean();
}
