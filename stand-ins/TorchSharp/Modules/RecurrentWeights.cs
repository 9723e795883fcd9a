namespace TorchSharp.Modules;

/// <summary>The weights of a recurrent network, layer by layer and direction by direction, under PyTorch's names; and its run over a sequence.</summary>
internal sealed class RecurrentWeights
{
    private readonly List<Parameter> all = [];
    private readonly bool bias, batchFirst, bidirectional;
    private readonly double dropout;
    private readonly int perDirection;
    private readonly long hidden, layers;

    internal RecurrentWeights(torch.nn.Module owner, int gates, long inputSize, long hiddenSize, long numLayers, bool bias, bool batchFirst, double dropout, bool bidirectional,
        torch.Device? device, torch.ScalarType? dtype)
    {
        (hidden, layers, perDirection) = (hiddenSize, numLayers, bias ? 4 : 2);
        (this.bias, this.batchFirst, this.dropout, this.bidirectional) = (bias, batchFirst, dropout, bidirectional);
        for (long layer = 0; layer < layers; layer++)
            for (var direction = 0; direction < Directions; direction++)
            {
                var suffix = $"_l{layer}{(direction == 1 ? "_reverse" : "")}";
                Add(owner, "weight_ih" + suffix, [gates * hidden, layer == 0 ? inputSize : hidden * Directions], device, dtype);
                Add(owner, "weight_hh" + suffix, [gates * hidden, hidden], device, dtype);
                if (!bias) continue;
                Add(owner, "bias_ih" + suffix, [gates * hidden], device, dtype);
                Add(owner, "bias_hh" + suffix, [gates * hidden], device, dtype);
            }
    }

    private int Directions => bidirectional ? 2 : 1;

    private void Add(torch.nn.Module owner, string name, long[] shape, torch.Device? device, torch.ScalarType? dtype)
    {
        var parameter = new Parameter(torch.empty(shape, dtype, device));
        torch.nn.init.uniform_(parameter, -1 / Math.Sqrt(hidden), 1 / Math.Sqrt(hidden));
        owner.register_parameter(name, parameter);
        all.Add(parameter);
    }

    /// <summary>The kind-th weight (input, hidden, input bias, hidden bias) of a layer and direction.</summary>
    internal Parameter Get(long index, int kind) => all[checked((int)index * perDirection + kind)];

    /// <summary>Starts from zeros where no state is given.</summary>
    internal torch.Tensor Start(torch.Tensor input, torch.Tensor? state) => state ?? Zeros(input, input.size(batchFirst ? 0 : 1));

    private torch.Tensor Zeros(torch.Tensor like, long batch) => torch.zeros([layers * Directions, batch, hidden], like.dtype, like.device);

    /// <summary>The arguments of the operator after its input; <paramref name="start"/> is one tensor or a list, as the operator wants it.</summary>
    internal Native.Arg[] Arguments(torch.Tensor input, Native.Arg start, bool training) =>
        [input, start, all.Cast<torch.Tensor>().ToArray(), bias, layers, dropout, training, bidirectional, batchFirst];

    internal Native.Arg[] Arguments(torch.nn.utils.rnn.PackedSequence input, Native.Arg start, bool training) =>
        [input.data, input.batch_sizes, start, all.Cast<torch.Tensor>().ToArray(), bias, layers, dropout, training, bidirectional];

    /// <summary>States go in and out in the caller's order, the packed batch is sorted by length.</summary>
    internal torch.Tensor Start(torch.nn.utils.rnn.PackedSequence input, torch.Tensor? state) =>
        state is null ? Zeros(input.data, input.batch_sizes[0].ToInt64())
        : input.sorted_indices is null ? state : state.index_select(1, input.sorted_indices);

    internal static torch.Tensor Unsorted(torch.nn.utils.rnn.PackedSequence input, torch.Tensor state) =>
        (input.unsorted_indices is null ? state : state.index_select(1, input.unsorted_indices)).MoveToOuterDisposeScope();

    internal static torch.nn.utils.rnn.PackedSequence Repacked(torch.nn.utils.rnn.PackedSequence input, torch.Tensor data) =>
        new torch.nn.utils.rnn.PackedSequence(data, input.batch_sizes.alias(), input.sorted_indices?.alias(), input.unsorted_indices?.alias()).MoveToOuterDisposeScope();
}
