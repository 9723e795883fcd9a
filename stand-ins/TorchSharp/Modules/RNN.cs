using TorchSharp.Native;

namespace TorchSharp.Modules
{
    /// <summary>Elman 1990: h = tanh(W x + U h), or with a rectifier. Sequences are [T,N,C], or [N,T,C] with the batch first; states are [layers directions,N,H].</summary>
    public sealed class RNN : torch.nn.Module<torch.Tensor, torch.Tensor?, (torch.Tensor, torch.Tensor)>
    {
        private readonly RecurrentWeights weights;
        private readonly string op;

        internal RNN(long inputSize, long hiddenSize, long numLayers, torch.nn.NonLinearities nonLinearity, bool bias, bool batchFirst, double dropout, bool bidirectional, torch.Device? device, torch.ScalarType? dtype) : base(nameof(RNN))
        {
            weights = new(this, 1, inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype);
            op = nonLinearity == torch.nn.NonLinearities.ReLU ? "rnn_relu" : "rnn_tanh";
        }

        public Parameter get_weight_ih(long idx) => weights.Get(idx, 0);
        public Parameter get_weight_hh(long idx) => weights.Get(idx, 1);
        public Parameter get_bias_ih(long idx) => weights.Get(idx, 2);
        public Parameter get_bias_hh(long idx) => weights.Get(idx, 3);

        /// <summary>Does nothing: a CPU has no use for weights that lie together.</summary>
        public void flatten_parameters() { }

        public new (torch.Tensor, torch.Tensor) call(torch.Tensor input, torch.Tensor? h0 = null) => base.call(input, h0);

        public override (torch.Tensor, torch.Tensor) forward(torch.Tensor input, torch.Tensor? h0)
        {
            using var scope = torch.NewDisposeScope();
            var (output, state) = Aten.Two(op + ".input", weights.Arguments(input, weights.Start(input, h0), training));
            return scope.MoveToOuter(output, state);
        }

        public (torch.nn.utils.rnn.PackedSequence, torch.Tensor) call(torch.nn.utils.rnn.PackedSequence input, torch.Tensor? h0 = null)
        {
            using var scope = torch.NewDisposeScope();
            var (data, state) = Aten.Two(op + ".data", weights.Arguments(input, weights.Start(input, h0), training));
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
            public enum NonLinearities { ReLU = 0, Tanh = 1 }

            public static RNN RNN(long inputSize, long hiddenSize, long numLayers = 1, NonLinearities nonLinearity = NonLinearities.Tanh, bool bias = true, bool batchFirst = false, double dropout = 0, bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, numLayers, nonLinearity, bias, batchFirst, dropout, bidirectional, device, dtype);
        }
    }
}
