using static TorchSharp.torch;

namespace MedGan.Models.Regularizers;

/// <summary>
/// LeCam regularisation (Tseng et al., 2104.03310, equation 5), a term of the discriminator for few images: E (D(x) - a_F)^2 + E (D(y) - a_R)^2, with a_R and
/// a_F the moving averages of D(x) and D(y). D may not run away from what it thought of the other kind.
/// </summary>
public sealed class LeCamPenalty : IDisposable
{
    private readonly double decay;

    /// <summary>a_R and a_F, [2]; owned here, part of a checkpoint.</summary>
    public Tensor Averages { get; }

    /// <param name="decay">Of the averages, [0, 1).</param>
    /// <param name="device">Where the scores lie.</param>
    public LeCamPenalty(double decay, Device device)
    {
        this.decay = decay;
        Averages = zeros([2], device: device).DetachFromDisposeScope();
    }

    /// <param name="real">D(x), [N].</param>
    /// <param name="fake">D(y), [N].</param>
    /// <returns>A scalar; the averages have moved.</returns>
    public Tensor Of(Tensor real, Tensor fake)
    {
        using (no_grad()) Averages.mul_(decay).add_(stack([real.detach().mean(), fake.detach().mean()]), 1 - decay);
        var (ofReal, ofFake) = (Averages[0].clone(), Averages[1].clone());
        return (real - ofFake).square().mean() + (fake - ofReal).square().mean();
    }

    public void Dispose() => Averages.Dispose();
}
