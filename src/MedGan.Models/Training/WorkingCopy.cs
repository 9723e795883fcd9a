using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>
/// A network to compute with, beside the master weights that the optimiser changes (Micikevicius et al., 1710.03740, section 3.1): its weights are the
/// masters', rounded to a shorter type once a step. In single precision it is the master network itself.
/// </summary>
internal sealed class WorkingCopy : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> master;
    private readonly nn.Module<Tensor, Tensor>? copy;
    private readonly (Tensor Master, Tensor Copy)[] weights = [], buffers = [];

    /// <param name="master">Weights in single precision, in place; not owned.</param>
    /// <param name="precision">What to compute in.</param>
    /// <param name="make">Another network of the same kind.</param>
    /// <param name="device">Where the master lies.</param>
    public WorkingCopy(nn.Module<Tensor, Tensor> master, Precision precision, Func<nn.Module<Tensor, Tensor>> make, Device device)
    {
        this.master = master;
        if (precision.Type == ScalarType.Float32) return;
        using var scope = NewDisposeScope();
        copy = make();
        copy.to(precision.Type);
        CycleGanNetworks.Place(copy, device);
        var copies = copy.named_parameters().ToDictionary(p => p.name, p => p.parameter, StringComparer.Ordinal);
        weights = [.. master.named_parameters().Select(p => ((Tensor)p.parameter, (Tensor)copies[p.name]))];
        buffers = [.. master.named_buffers().Zip(copy.named_buffers(), (m, c) => (m.buffer, c.buffer))];
        Refresh();
    }

    /// <summary>What the optimiser changes.</summary>
    public IEnumerable<TorchSharp.Modules.Parameter> Masters => master.parameters();

    /// <summary>What computes: the master itself in single precision.</summary>
    public nn.Module<Tensor, Tensor> Network => copy ?? master;

    /// <returns>The tensor in the network's type.</returns>
    public Tensor Narrow(Tensor image) => copy is null ? image.alias() : image.to(weights[0].Copy.dtype);

    /// <param name="image">[N,C,H,W] in single precision.</param>
    /// <returns>What the network makes of it, in single precision.</returns>
    public Tensor Call(Tensor image)
    {
        if (copy is null) return master.call(image);
        using var narrow = Narrow(image);
        using var result = copy.call(narrow);
        return result.to(ScalarType.Float32);
    }

    public void SetTrainable(bool trainable) => CycleGanNetworks.SetTrainable(trainable, Network);

    /// <summary>Forgets the gradients.</summary>
    public void Clear()
    {
        foreach (var (weight, narrow) in weights) (weight.grad, narrow.grad) = (null, null);
        if (copy is null) master.zero_grad();
    }

    /// <summary>Adds the gradients that were found here, without the loss' scale, to the masters', and gives them the buffers as they have become.</summary>
    /// <returns>False where one is not finite because of the scale.</returns>
    public bool HandGradients(LossScale scale)
    {
        using var noGrad = no_grad();
        var finite = true;
        foreach (var (buffer, narrow) in buffers) buffer.copy_(narrow);
        foreach (var (weight, narrow) in weights)
        {
            using var gradient = narrow.grad;
            if (gradient is null) continue;
            using var handed = scale.Remove(gradient);
            using var before = weight.grad;
            using var sum = before is null ? handed.alias() : before.to(ScalarType.Float32).add_(handed);
            (weight.grad, narrow.grad) = (sum, null);
            finite &= scale.Holds(handed);
        }
        return finite;
    }

    /// <summary>Takes over the masters' weights and buffers after a step.</summary>
    public void Refresh()
    {
        using var noGrad = no_grad();
        foreach (var (master, narrow) in weights.Concat(buffers)) narrow.copy_(master);
    }

    public void Dispose() => copy?.Dispose();
}
