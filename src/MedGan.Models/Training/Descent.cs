using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>
/// One step of an optimiser down the mean gradient of several micro-batches: the gradient of one batch of all their images, without its memory (as in Ott et al., 1806.00187, section 5.2). A loss
/// that is a mean over images has the same gradient either way; what is normalised over a batch is normalised over each micro-batch.
/// </summary>
/// <param name="network">What is trained.</param>
/// <param name="scale">Of the loss.</param>
/// <param name="microBatches">Losses that make a step; a plan's accumulate.</param>
/// <param name="optimisers">Of the network, and of those beside it.</param>
/// <param name="beside">Networks in single precision that the same losses train.</param>
internal sealed class Descent(WorkingCopy network, LossScale scale, int microBatches, Adam[] optimisers, params nn.Module[] beside)
{
    private bool finite = true;

    /// <summary>Forgets the last step's gradients.</summary>
    /// <param name="rate">This step's learning rate.</param>
    public void Begin(double rate)
    {
        foreach (var group in optimisers.SelectMany(optimiser => optimiser.ParamGroups)) group.LearningRate = rate;
        network.Clear();
        foreach (var other in beside) other.zero_grad();
        finite = true;
    }

    /// <param name="loss">A scalar, of one micro-batch.</param>
    public void Add(Tensor loss)
    {
        scale.Apply(microBatches == 1 ? loss : loss / microBatches).backward();
        finite &= network.HandGradients(scale);
    }

    /// <summary>The step; left out where a scaled gradient was too large for its type.</summary>
    public void End()
    {
        if (!scale.IsOff)
            foreach (var parameter in beside.SelectMany(other => other.parameters())) parameter.grad = parameter.grad is { } gradient ? scale.Remove(gradient) : null;
        if (scale.Update(finite))
            foreach (var optimiser in optimisers) optimiser.step();
        network.Refresh();
    }
}
