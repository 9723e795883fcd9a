using TorchSharp.Native;
using TorchSharp.Utils;

namespace TorchSharp.Modules
{
    /// <summary>One step of <see cref="RNN"/>. Inputs are [N,C], states [N,H].</summary>
    public sealed class RNNCell : torch.nn.Module<torch.Tensor, torch.Tensor?, torch.Tensor>
    {
        [ComponentName(Name = "weight_ih")] private Parameter _weight_ih;
        [ComponentName(Name = "weight_hh")] private Parameter _weight_hh;
        [ComponentName(Name = "bias_ih")] private Parameter? _bias_ih;
        [ComponentName(Name = "bias_hh")] private Parameter? _bias_hh;
        private readonly string op;

        internal RNNCell(long inputSize, long hiddenSize, torch.nn.NonLinearities nonLinearity, bool bias, torch.Device? device, torch.ScalarType? dtype) : base(nameof(RNNCell))
        {
            Parameter Drawn(params long[] shape)
            {
                var parameter = new Parameter(torch.empty(shape, dtype, device));
                torch.nn.init.uniform_(parameter, -1 / Math.Sqrt(hiddenSize), 1 / Math.Sqrt(hiddenSize));
                return parameter;
            }
            op = nonLinearity == torch.nn.NonLinearities.ReLU ? "rnn_relu_cell" : "rnn_tanh_cell";
            (_weight_ih, _weight_hh) = (Drawn(hiddenSize, inputSize), Drawn(hiddenSize, hiddenSize));
            if (bias) (_bias_ih, _bias_hh) = (Drawn(hiddenSize), Drawn(hiddenSize));
            RegisterComponents();
        }

        public Parameter weight_ih { get => _weight_ih; set => ConditionallyRegisterParameter(nameof(weight_ih), _weight_ih = value); }
        public Parameter weight_hh { get => _weight_hh; set => ConditionallyRegisterParameter(nameof(weight_hh), _weight_hh = value); }
        public Parameter? bias_ih { get => _bias_ih; set => ConditionallyRegisterParameter(nameof(bias_ih), _bias_ih = value); }
        public Parameter? bias_hh { get => _bias_hh; set => ConditionallyRegisterParameter(nameof(bias_hh), _bias_hh = value); }

        public override torch.Tensor forward(torch.Tensor input, torch.Tensor? h0)
        {
            using var scope = torch.NewDisposeScope();
            return Aten.Tensor(op, input, h0 ?? Zeros(input), _weight_ih, _weight_hh, _bias_ih, _bias_hh).MoveToOuterDisposeScope();
        }

        private torch.Tensor Zeros(torch.Tensor input) => torch.zeros([input.size(0), _weight_hh.size(1)], input.dtype, input.device);
    }

    /// <summary>One step of <see cref="GRU"/>. Inputs are [N,C], states [N,H].</summary>
    public sealed class GRUCell : torch.nn.Module<torch.Tensor, torch.Tensor?, torch.Tensor>
    {
        [ComponentName(Name = "weight_ih")] private Parameter _weight_ih;
        [ComponentName(Name = "weight_hh")] private Parameter _weight_hh;
        [ComponentName(Name = "bias_ih")] private Parameter? _bias_ih;
        [ComponentName(Name = "bias_hh")] private Parameter? _bias_hh;

        internal GRUCell(long inputSize, long hiddenSize, bool bias, torch.Device? device, torch.ScalarType? dtype) : base(nameof(GRUCell))
        {
            Parameter Drawn(params long[] shape)
            {
                var parameter = new Parameter(torch.empty(shape, dtype, device));
                torch.nn.init.uniform_(parameter, -1 / Math.Sqrt(hiddenSize), 1 / Math.Sqrt(hiddenSize));
                return parameter;
            }
            (_weight_ih, _weight_hh) = (Drawn(3 * hiddenSize, inputSize), Drawn(3 * hiddenSize, hiddenSize));
            if (bias) (_bias_ih, _bias_hh) = (Drawn(3 * hiddenSize), Drawn(3 * hiddenSize));
            RegisterComponents();
        }

        public Parameter weight_ih { get => _weight_ih; set => ConditionallyRegisterParameter(nameof(weight_ih), _weight_ih = value); }
        public Parameter weight_hh { get => _weight_hh; set => ConditionallyRegisterParameter(nameof(weight_hh), _weight_hh = value); }
        public Parameter? bias_ih { get => _bias_ih; set => ConditionallyRegisterParameter(nameof(bias_ih), _bias_ih = value); }
        public Parameter? bias_hh { get => _bias_hh; set => ConditionallyRegisterParameter(nameof(bias_hh), _bias_hh = value); }

        public override torch.Tensor forward(torch.Tensor input, torch.Tensor? h0)
        {
            using var scope = torch.NewDisposeScope();
            return Aten.Tensor("gru_cell", input, h0 ?? Zeros(input), _weight_ih, _weight_hh, _bias_ih, _bias_hh).MoveToOuterDisposeScope();
        }

        private torch.Tensor Zeros(torch.Tensor input) => torch.zeros([input.size(0), _weight_hh.size(1)], input.dtype, input.device);
    }

    /// <summary>One step of <see cref="LSTM"/>. Inputs are [N,C], states [N,H].</summary>
    public sealed class LSTMCell : torch.nn.Module<torch.Tensor, (torch.Tensor, torch.Tensor)?, (torch.Tensor, torch.Tensor)>
    {
        [ComponentName(Name = "weight_ih")] private Parameter _weight_ih;
        [ComponentName(Name = "weight_hh")] private Parameter _weight_hh;
        [ComponentName(Name = "bias_ih")] private Parameter? _bias_ih;
        [ComponentName(Name = "bias_hh")] private Parameter? _bias_hh;

        internal LSTMCell(long inputSize, long hiddenSize, bool bias, torch.Device? device, torch.ScalarType? dtype) : base(nameof(LSTMCell))
        {
            Parameter Drawn(params long[] shape)
            {
                var parameter = new Parameter(torch.empty(shape, dtype, device));
                torch.nn.init.uniform_(parameter, -1 / Math.Sqrt(hiddenSize), 1 / Math.Sqrt(hiddenSize));
                return parameter;
            }
            (_weight_ih, _weight_hh) = (Drawn(4 * hiddenSize, inputSize), Drawn(4 * hiddenSize, hiddenSize));
            if (bias) (_bias_ih, _bias_hh) = (Drawn(4 * hiddenSize), Drawn(4 * hiddenSize));
            RegisterComponents();
        }

        public Parameter weight_ih { get => _weight_ih; set => ConditionallyRegisterParameter(nameof(weight_ih), _weight_ih = value); }
        public Parameter weight_hh { get => _weight_hh; set => ConditionallyRegisterParameter(nameof(weight_hh), _weight_hh = value); }
        public Parameter? bias_ih { get => _bias_ih; set => ConditionallyRegisterParameter(nameof(bias_ih), _bias_ih = value); }
        public Parameter? bias_hh { get => _bias_hh; set => ConditionallyRegisterParameter(nameof(bias_hh), _bias_hh = value); }

        public new (torch.Tensor, torch.Tensor) call(torch.Tensor input, (torch.Tensor, torch.Tensor)? h0_c0 = null) => base.call(input, h0_c0);

        public override (torch.Tensor, torch.Tensor) forward(torch.Tensor input, (torch.Tensor, torch.Tensor)? h0_c0)
        {
            using var scope = torch.NewDisposeScope();
            var (h, c) = h0_c0 ?? (Zeros(input), Zeros(input));
            var (state, cell) = Aten.Two("lstm_cell", input, new[] { h, c }, _weight_ih, _weight_hh, _bias_ih, _bias_hh);
            return scope.MoveToOuter(state, cell);
        }

        private torch.Tensor Zeros(torch.Tensor input) => torch.zeros([input.size(0), _weight_hh.size(1)], input.dtype, input.device);
    }
}

namespace TorchSharp
{
    using Modules;

    public static partial class torch
    {
        public static partial class nn
        {
            public static RNNCell RNNCell(long inputSize, long hiddenSize, NonLinearities nonLinearity = NonLinearities.Tanh, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, nonLinearity, bias, device, dtype);
            public static GRUCell GRUCell(long inputSize, long hiddenSize, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, bias, device, dtype);
            public static LSTMCell LSTMCell(long inputSize, long hiddenSize, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, bias, device, dtype);
        }
    }
}
