using TorchSharp.Native;

namespace TorchSharp.Modules
{
    /// <summary>Cho et al. 2014: a state with a reset and an update gate. Sequences are [T,N,C], or [N,T,C] with the batch first; states are [layers directions,N,H].</summary>
    public sealed class GRU : torch.nn.Module<torch.Tensor, torch.Tensor?, (torch.Tensor, torch.Tensor)>
    {
        private readonly RecurrentWeights weights;

        internal GRU(long inputSize, long hiddenSize, long numLayers, bool bias, bool batchFirst, double dropout, bool bidirectional, torch.Device? device, torch.ScalarType? dtype) : base(nameof(GRU))
        {
            weights = new(this, 3, inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype);
        }

        /// <summary>Does nothing: a CPU has no use for weights that lie together.</summary>
        public void flatten_parameters() { }

        public new (torch.Tensor, torch.Tensor) call(torch.Tensor input, torch.Tensor? h0 = null) => base.call(input, h0);

        public override (torch.Tensor, torch.Tensor) forward(torch.Tensor input, torch.Tensor? h0)
        {
            using var scope = torch.NewDisposeScope();
            var (output, state) = Aten.Two("gru" + ".input", weights.Arguments(input, weights.Start(input, h0), training));
            return scope.MoveToOuter(output, state);
        }

        public (torch.nn.utils.rnn.PackedSequence, torch.Tensor) call(torch.nn.utils.rnn.PackedSequence input, torch.Tensor? h0 = null)
        {
            using var scope = torch.NewDisposeScope();
            var (data, state) = Aten.Two("gru" + ".data", weights.Arguments(input, weights.Start(input, h0), training));
            return (RecurrentWeights.Repacked(input, data), RecurrentWeights.Unsorted(input, state));
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
            public static GRU GRU(long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0, bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype);
        }
    }
}
