using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace MedGan.Models.Losses.Adversarial;

/// <summary>
/// The minimax game (Goodfellow et al., 1406.2661, equation 1), with D the logit: D minimises softplus(-D(x)) + softplus(D(y)), G minimises -softplus(D(y)),
/// which is log(1 - sigmoid(D(y))). Its gradient vanishes where D is sure of itself: see <see cref="NonSaturatingLoss"/>.
/// </summary>
public sealed class MinimaxLoss : IAdversarialLoss
{
    public Tensor Discriminator(Tensor real, Tensor fake) => softplus(-real).mean() + softplus(fake).mean();

    public Tensor Generator(Tensor real, Tensor fake) => -softplus(fake).mean();
}
