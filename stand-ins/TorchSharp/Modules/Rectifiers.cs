namespace TorchSharp.Modules
{
    /// <summary>max(0, x) + min(0, alpha (exp(x / alpha) - 1))</summary>
    public sealed class CELU : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal CELU(double alpha, bool inplace) : base(nameof(CELU)) =>
            (this.alpha, this.inplace) = (alpha, inplace);

        public double alpha { get; set; }
        public bool inplace { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.celu(input, alpha, inplace);
    }

    /// <summary>Klambauer et al. 2017, equation 2</summary>
    public sealed class SELU : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal SELU(bool inplace) : base(nameof(SELU)) => this.inplace = inplace;

        public bool inplace { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.selu(input, inplace);
    }

    /// <summary>x where positive, otherwise x times a slope that training draws for each element</summary>
    public sealed class RReLU : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal RReLU(double lower, double upper, bool inplace) : base(nameof(RReLU)) =>
            (this.lower, this.upper, this.inplace) = (lower, upper, inplace);

        public double lower { get; set; }
        public double upper { get; set; }
        public bool inplace { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.rrelu(input, lower, upper, inplace, training);
    }

    /// <summary>x above a threshold, otherwise one value</summary>
    public sealed class Threshold : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal Threshold(double threshold, double value, bool inplace) : base(nameof(Threshold)) =>
            (this.threshold, this.value, this.inplace) = (threshold, value, inplace);

        public double threshold { get; set; }
        public double value { get; set; }
        public bool inplace { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.threshold(input, threshold, value, inplace);
    }

    /// <summary>x between two bounds</summary>
    public sealed class Hardtanh : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal Hardtanh(double min_val, double max_val, bool inplace) : base(nameof(Hardtanh)) =>
            (this.min_val, this.max_val, this.inplace) = (min_val, max_val, inplace);

        public double min_val { get; set; }
        public double max_val { get; set; }
        public bool inplace { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.hardtanh(input, min_val, max_val, inplace);
    }

    /// <summary>x / 6 + 1 / 2 between 0 and 1</summary>
    public sealed class Hardsigmoid : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal Hardsigmoid(bool inplace) : base(nameof(Hardsigmoid)) => this.inplace = inplace;

        public bool inplace { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.hardsigmoid(input, inplace);
    }

    /// <summary>x hardsigmoid(x)</summary>
    public sealed class Hardswish : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal Hardswish(bool inplace) : base(nameof(Hardswish)) => this.inplace = inplace;

        public bool inplace { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.hardswish(input, inplace);
    }

    /// <summary>x outside of [-lambda, lambda], otherwise 0</summary>
    public sealed class Hardshrink : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal Hardshrink(double lambda) : base(nameof(Hardshrink)) => this.lambda = lambda;

        public double lambda { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.hardshrink(input, lambda);
    }

    /// <summary>x moved towards 0 by lambda</summary>
    public sealed class Softshrink : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal Softshrink(double lambda) : base(nameof(Softshrink)) => this.lambda = lambda;

        public double lambda { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.softshrink(input, lambda);
    }

    /// <summary>x - tanh(x)</summary>
    public sealed class Tanhshrink : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal Tanhshrink(bool inplace) : base(nameof(Tanhshrink)) => this.inplace = inplace;

        public bool inplace { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.tanhshrink(input, inplace);
    }
}

namespace TorchSharp
{
    using Modules;

    public static partial class torch
    {
        public static partial class nn
        {
            public static CELU CELU(double alpha = 1, bool inplace = false) => new(alpha, inplace);
            public static SELU SELU(bool inplace = false) => new(inplace);
            public static RReLU RReLU(double lower = 1.0 / 8, double upper = 1.0 / 3, bool inplace = false) => new(lower, upper, inplace);
            public static Threshold Threshold(double threshold, double value, bool inplace = false) => new(threshold, value, inplace);
            public static Hardtanh Hardtanh(double min_val = -1, double max_val = 1, bool inplace = false) => new(min_val, max_val, inplace);
            public static Hardsigmoid Hardsigmoid(bool inplace = false) => new(inplace);
            public static Hardswish Hardswish(bool inplace = false) => new(inplace);
            public static Hardshrink Hardshrink(double lambda = 0.5) => new(lambda);
            public static Softshrink Softshrink(double lambda = 0.5) => new(lambda);
            public static Tanhshrink Tanhshrink() => new(false);
            public static Tanhshrink Tanhshrink(bool inplace = false) => new(inplace);
        }
    }
}
