using TorchSharp.Utils;

namespace TorchSharp.Modules
{
    /// <summary>x1^T W x2 + b, with a matrix for each output.</summary>
    public sealed class Bilinear : torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor>
    {
        [ComponentName(Name = "weight")] private Parameter _weight;
        [ComponentName(Name = "bias")] private Parameter? _bias;

        internal Bilinear(long in1_features, long in2_features, long out_features, bool hasBias, torch.Device? device, torch.ScalarType? dtype) : base(nameof(Bilinear))
        {
            (this.in1_features, this.in2_features, this.out_features) = (in1_features, in2_features, out_features);
            var bound = 1 / Math.Sqrt(in1_features);
            _weight = new(torch.empty(out_features, in1_features, in2_features, dtype, device));
            torch.nn.init.uniform_(_weight, -bound, bound);
            if (hasBias)
            {
                _bias = new(torch.empty(out_features, dtype, device));
                torch.nn.init.uniform_(_bias, -bound, bound);
            }
            RegisterComponents();
        }

        public long in1_features { get; set; }
        public long in2_features { get; set; }
        public long out_features { get; set; }

        public Parameter weight
        {
            get => _weight;
            set => ConditionallyRegisterParameter(nameof(weight), _weight = value);
        }

        public Parameter? bias
        {
            get => _bias;
            set => ConditionallyRegisterParameter(nameof(bias), _bias = value);
        }

        public override torch.Tensor forward(torch.Tensor input1, torch.Tensor input2) => torch.nn.functional.bilinear(input1, input2, _weight, _bias);
    }
}

namespace TorchSharp
{
    using Modules;

    public static partial class torch
    {
        public static partial class nn
        {
            public static Bilinear Bilinear(long in1_features, long in2_features, long out_features, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in1_features, in2_features, out_features, hasBias, device, dtype);
        }
    }
}
