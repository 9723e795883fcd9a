using MedGan.Models.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks.Conditional;

/// <summary>
/// The projection discriminator's last layer (Miyato and Koyama, 1802.05637, equation 3): D(x, y) = psi(f(x)) + e(y) . f(x), psi linear, e a table with one row
/// for each class. With one class there is no second term.
/// </summary>
internal sealed class ProjectionHead : Module<Tensor, Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> score;
    private readonly Module<Tensor, Tensor>? classes;

    /// <param name="features">F.</param>
    /// <param name="classCount">Of e.</param>
    /// <param name="random">Draws the weights.</param>
    /// <param name="spectral">Whether both are divided by their largest singular value.</param>
    public ProjectionHead(int features, int classCount, SeededRandom random, bool spectral = false) : base(nameof(ProjectionHead))
    {
        var deviation = SeededLayers.KeepsScale(features);
        score = SeededLayers.Linear(features, 1, random, deviation, spectral: spectral);
        if (classCount > 1) classes = SeededLayers.Classes(classCount, features, random, deviation, spectral);
        RegisterComponents();
    }

    /// <param name="features">f(x), [N,F].</param>
    /// <param name="y">[N].</param>
    /// <returns>[N].</returns>
    public override Tensor forward(Tensor features, Tensor y)
    {
        using var scope = NewDisposeScope();
        var unconditional = score.call(features).squeeze(1);
        var result = classes is null ? unconditional : unconditional + (classes.call(y) * features).sum(1);
        return result.MoveToOuterDisposeScope();
    }
}
