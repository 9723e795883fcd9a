using TorchSharp.Utils;

namespace TorchSharp.Modules
{
    /// <summary>x W^T + b over the last dimension.</summary>
    public class Linear : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        [ComponentName(Name = "weight")] private Parameter _weight;
        [ComponentName(Name = "bias")] private Parameter? _bias;

        internal Linear(Parameter weight, Parameter? bias) : base(nameof(Linear))
        {
            (in_features, out_features) = (weight.size(1), weight.size(0));
            (_weight, _bias) = (weight, bias);
            RegisterComponents();
        }

        internal Linear(long inputSize, long outputSize, bool hasBias, torch.Device? device, torch.ScalarType? dtype) : base(nameof(Linear))
        {
            (in_features, out_features) = (inputSize, outputSize);
            _weight = new(torch.empty(outputSize, inputSize, dtype, device));
            torch.nn.init.kaiming_uniform_(_weight, Math.Sqrt(5));
            if (hasBias)
            {
                var bound = inputSize > 0 ? 1 / Math.Sqrt(inputSize) : 0;
                _bias = new(torch.empty(outputSize, dtype, device));
                torch.nn.init.uniform_(_bias, -bound, bound);
            }
            RegisterComponents();
        }

        public long in_features { get; set; }
        public long out_features { get; set; }

        public Parameter weight
        {
            get => _weight;
            set => ConditionallyRegisterParameter("weight", _weight = value);
        }

        public Parameter? bias
        {
            get => _bias;
            set => ConditionallyRegisterParameter("bias", _bias = value);
        }

        public override torch.Tensor forward(torch.Tensor tensor) => torch.nn.functional.linear(tensor, _weight, _bias);
    }
}

namespace TorchSharp
{
    using Modules;

    public static partial class torch
    {
        public static partial class nn
        {
            public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias, device, dtype);
            public static Linear Linear(Parameter weight, Parameter? bias = null) => new(weight, bias);
        }
    }
}
