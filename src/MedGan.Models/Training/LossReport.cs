using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>A step's losses by name: means over its micro-batches, fetched from the device at once.</summary>
internal sealed class LossReport
{
    private readonly Dictionary<string, Tensor> sums = new(StringComparer.Ordinal);

    /// <param name="name">Of the loss.</param>
    /// <param name="value">A scalar, of one micro-batch, whose own scope lies within the step's.</param>
    public void Add(string name, Tensor value) =>
        sums[name] = (sums.TryGetValue(name, out var sum) ? sum + value.detach() : value.detach()).MoveToOuterDisposeScope();

    public Dictionary<string, double> Means(int microBatches)
    {
        using var scope = NewDisposeScope();
        var values = stack([.. sums.Values]).cpu().data<float>().ToArray();
        return sums.Keys.Zip(values).ToDictionary(loss => loss.First, loss => (double)loss.Second / microBatches, StringComparer.Ordinal);
    }
}
