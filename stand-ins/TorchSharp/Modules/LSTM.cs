using TorchSharp.Native;

namespace TorchSharp.Modules
{
    /// <summary>Hochreiter and Schmidhuber 1997: a state and a cell with three gates. Sequences are [T,N,C], or [N,T,C] with the batch first; states are [layers directions,N,H].</summary>
    public sealed class LSTM : torch.nn.Module<torch.Tensor, (torch.Tensor, torch.Tensor)?, (torch.Tensor, torch.Tensor, torch.Tensor)>
    {
        private readonly RecurrentWeights weights;

        internal LSTM(long inputSize, long hiddenSize, long numLayers, bool bias, bool batchFirst, double dropout, bool bidirectional, torch.Device? device, torch.ScalarType? dtype) : base(nameof(LSTM))
        {
            weights = new(this, 4, inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype);
        }

        /// <summary>Does nothing: a CPU has no use for weights that lie together.</summary>
        public void flatten_parameters() { }

        public new (torch.Tensor, torch.Tensor, torch.Tensor) call(torch.Tensor input, (torch.Tensor, torch.Tensor)? h0_c0 = null) => base.call(input, h0_c0);

        public override (torch.Tensor, torch.Tensor, torch.Tensor) forward(torch.Tensor input, (torch.Tensor, torch.Tensor)? h0_c0)
        {
            using var scope = torch.NewDisposeScope();
            torch.Tensor[] start = [weights.Start(input, h0_c0?.Item1), weights.Start(input, h0_c0?.Item2)];
            var (output, state, cell) = Aten.Three("lstm.input", weights.Arguments(input, start, training));
            return scope.MoveToOuter(output, state, cell);
        }

        public (torch.nn.utils.rnn.PackedSequence, torch.Tensor, torch.Tensor) call(torch.nn.utils.rnn.PackedSequence input, (torch.Tensor, torch.Tensor)? h0_c0 = null)
        {
            using var scope = torch.NewDisposeScope();
            torch.Tensor[] start = [weights.Start(input, h0_c0?.Item1), weights.Start(input, h0_c0?.Item2)];
            var (data, state, cell) = Aten.Three("lstm.data", weights.Arguments(input, start, training));
            return (RecurrentWeights.Repacked(input, data), RecurrentWeights.Unsorted(input, state), RecurrentWeights.Unsorted(input, cell));
        }
    }
}

namespace TorchSharp
{
    using Modules;

    public static partial class torch
    {
        public static partial class nn
        {
            public static LSTM LSTM(long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0, bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype);
        }
    }
}
