using TorchSharp.Utils;

namespace TorchSharp.Modules
{
    /// <summary>exp(x) over its sum along a dimension</summary>
    public sealed class Softmax : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal Softmax(long dim) : base(nameof(Softmax)) => this.dim = dim;

        public long dim { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.softmax(input, dim);
    }

    /// <summary>Softmax over the channels of [N,C,H,W]</summary>
    public sealed class Softmax2d : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal Softmax2d() : base(nameof(Softmax2d)) { }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.softmax2d(input);
    }

    /// <summary>The logarithm of softmax</summary>
    public sealed class LogSoftmax : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal LogSoftmax(long dim) : base(nameof(LogSoftmax)) => this.dim = dim;

        public long dim { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.log_softmax(input, dim);
    }

    /// <summary>Softmax of -x</summary>
    public sealed class Softmin : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal Softmin(long dim) : base(nameof(Softmin)) => this.dim = dim;

        public long dim { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.softmin(input, dim);
    }

    /// <summary>x / (1 + |x|)</summary>
    public sealed class Softsign : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal Softsign(bool inplace) : base(nameof(Softsign)) => this.inplace = inplace;

        public bool inplace { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.softsign(input, inplace);
    }

    /// <summary>log(sigmoid(x))</summary>
    public sealed class LogSigmoid : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal LogSigmoid() : base(nameof(LogSigmoid)) { }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.logsigmoid(input);
    }

    /// <summary>The first half of a dimension times the sigmoid of the second</summary>
    public sealed class GLU : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal GLU(long dim) : base(nameof(GLU)) => this.dim = dim;

        public long dim { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.glu(input, dim);
    }

    /// <summary>x where positive, otherwise x times a learnt slope, one for all channels or one for each</summary>
    public sealed class PReLU : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        [ComponentName(Name = "weight")] private Parameter _weight;

        internal PReLU(long num_parameters, double init, torch.Device? device, torch.ScalarType? dtype) : base(nameof(PReLU))
        {
            (this.num_parameters, this.init) = (num_parameters, init);
            _weight = new(torch.full(num_parameters, init, dtype ?? torch.get_default_dtype(), device));
            RegisterComponents();
        }

        public long num_parameters { get; }
        public double init { get; }

        public Parameter weight
        {
            get => _weight;
            set => ConditionallyRegisterParameter(nameof(weight), _weight = value);
        }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.prelu(input, _weight);
    }
}

namespace TorchSharp
{
    using Modules;

    public static partial class torch
    {
        public static partial class nn
        {
            public static Softmax Softmax(long dim) => new(dim);
            public static Softmax2d Softmax2d() => new();
            public static LogSoftmax LogSoftmax(long dim) => new(dim);
            public static Softmin Softmin(long dim) => new(dim);
            public static Softsign Softsign() => new(false);
            public static Softsign Softsign(bool inplace) => new(inplace);
            public static LogSigmoid LogSigmoid() => new();
            public static GLU GLU(long dim = -1) => new(dim);
            public static PReLU PReLU(long num_parameters, double init = 0.25, Device? device = null, ScalarType? dtype = null) => new(num_parameters, init, device, dtype);
        }
    }
}
