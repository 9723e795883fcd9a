using static TorchSharp.torch;

namespace MedGan.Models.Regularizers;

/// <summary>Feature matching (Salimans et al., 1606.03498, section 3.1), a term of the generator: |E f(x) - E f(y)|^2 / F, f being a layer of D with F features.</summary>
public static class FeatureMatchingLoss
{
    /// <param name="real">f(x), [N,F], held constant.</param>
    /// <param name="fake">f(y), [M,F].</param>
    /// <returns>A scalar.</returns>
    public static Tensor Of(Tensor real, Tensor fake) => (real.detach().mean([0]) - fake.mean([0])).square().mean();
}
