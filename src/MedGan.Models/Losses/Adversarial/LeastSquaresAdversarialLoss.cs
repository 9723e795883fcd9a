using static TorchSharp.torch;

namespace MedGan.Models.Losses.Adversarial;

/// <summary><see cref="LeastSquaresLoss"/> beside the other games: D minimises ((D(x) - 1)^2 + D(y)^2) / 2, G minimises (D(y) - 1)^2 (1611.04076, equation 9).</summary>
public sealed class LeastSquaresAdversarialLoss : IAdversarialLoss
{
    public Tensor Discriminator(Tensor real, Tensor fake) => LeastSquaresLoss.Discriminator(real, fake);

    public Tensor Generator(Tensor real, Tensor fake) => LeastSquaresLoss.Generator(fake);
}
