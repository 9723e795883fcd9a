using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace MedGan.Models.Losses.Adversarial;

/// <summary>
/// The relativistic pairing game (Jolicoeur-Martineau, 1807.00734, equation 3; R3GAN, 2501.05441, equation 2): D minimises softplus(-(D(x) - D(y))),
/// G minimises softplus(-(D(y) - D(x))). Each generated image is judged against one real image - of its own class, where there are classes.
/// </summary>
public sealed class RelativisticPairingLoss : IAdversarialLoss
{
    public bool IsRelativistic => true;

    public Tensor Discriminator(Tensor real, Tensor fake) => softplus(fake - real).mean();

    public Tensor Generator(Tensor real, Tensor fake) => softplus(real - fake).mean();
}
