using static TorchSharp.torch;

namespace MedGan.Models.Losses.Adversarial;

/// <summary>
/// What a discriminator and a generator minimise, given D's raw scores of real images x and generated images y. Scores may have any shape, the same for
/// both; the result is a scalar, the mean over them. Intermediates belong to the caller's scope.
/// </summary>
public interface IAdversarialLoss
{
    /// <summary>Whether the generator's loss depends on the scores of real images.</summary>
    bool IsRelativistic => false;

    /// <param name="real">D(x).</param>
    /// <param name="fake">D(y), without a graph through the generator.</param>
    Tensor Discriminator(Tensor real, Tensor fake);

    /// <param name="real">D(x); not looked at unless <see cref="IsRelativistic"/>.</param>
    /// <param name="fake">D(y).</param>
    Tensor Generator(Tensor real, Tensor fake);
}
