using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace MedGan.Models.Losses.Adversarial;

/// <summary>
/// The non-saturating game (Goodfellow et al., 1406.2661, section 3): D as in <see cref="MinimaxLoss"/>, G minimises softplus(-D(y)), which is
/// -log sigmoid(D(y)).
/// </summary>
public sealed class NonSaturatingLoss : IAdversarialLoss
{
    public Tensor Discriminator(Tensor real, Tensor fake) => softplus(-real).mean() + softplus(fake).mean();

    public Tensor Generator(Tensor real, Tensor fake) => softplus(-fake).mean();
}
